"""A simulated snapshot camera: the honest counterpart of the integration.

It speaks the vendor's page and shares no code with the integration, so that a
misreading on one side is not repeated on the other.
"""

from .camera import SimulatedCamera
from .device import DeviceConfig, Firmware
from .dialects import Dialect
from .faults import Encoding, Faults, HttpBody, PictureFault, UpgradeFault
from .links import Body, Download, DownloadError, Post, PostError, Publish
from .picture import draw_picture, pad_picture

__all__ = [
    "Body",
    "DeviceConfig",
    "Dialect",
    "Download",
    "DownloadError",
    "Encoding",
    "Faults",
    "Firmware",
    "HttpBody",
    "PictureFault",
    "Post",
    "PostError",
    "Publish",
    "SimulatedCamera",
    "UpgradeFault",
    "draw_picture",
    "pad_picture",
]
