"""A simulated snapshot camera: the honest counterpart of the integration.

It speaks the vendor's page and shares no code with the integration, so that a
misreading on one side is not repeated on the other.
"""

from .camera import Publish, SimulatedCamera
from .device import DeviceConfig
from .faults import Encoding, Faults, PictureFault
from .picture import draw_picture, pad_picture

__all__ = [
    "DeviceConfig",
    "Encoding",
    "Faults",
    "PictureFault",
    "Publish",
    "SimulatedCamera",
    "draw_picture",
    "pad_picture",
]
