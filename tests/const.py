"""What the tests agree on."""

SN = "200000000001"
OTHER_SN = "200000000002"

TOPICS = {"up": "snapcam/{sn}/up", "down": "snapcam/{sn}/down"}
UP = "snapcam/200000000001/up"
DOWN = "snapcam/200000000001/down"

CAMERA = "camera.gate"
IMAGE = "image.gate_snapshot"
BUTTON = "button.gate_take_snapshot"
IO0 = "switch.gate_io_0"
IO1 = "switch.gate_io_1"
CONNECTIVITY = "binary_sensor.gate_connectivity"
VIEW = "binary_sensor.gate_view"
CHANGE = "sensor.gate_change"
HB_INTERVAL = "number.gate_heartbeat_interval"
LAST_BOOT = "sensor.gate_last_boot"
LAST_SEEN = "sensor.gate_last_seen"
CLOCK_OFFSET = "sensor.gate_clock_offset"

EVENT = "event.gate_snapshot"
DELIVERY = "select.gate_delivery"
UPLOAD_ADDR = "text.gate_upload_address"

INTERNAL_URL = "http://192.168.1.10:8123"
UPDATE = "update.gate_firmware"
