"""The least a server of these cameras can do: nothing, or only answer heartbeats."""

from homeassistant.components import mqtt
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.typing import ConfigType
import orjson

DOMAIN = "answering"


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Subscribe as the integration does."""

    @callback
    def ignore(msg: mqtt.ReceiveMessage) -> None:
        """Do nothing."""

    @callback
    def answer(msg: mqtt.ReceiveMessage) -> None:
        """Answer a heartbeat, whatever it says."""
        request = orjson.loads(msg.payload)
        response = {
            "operate": "heartbeat_rsp",
            "request_id": request["request_id"],
            "sn": request["sn"],
            "ret": 0,
            "msg": "",
        }
        topic = f"answer/{request['sn']}/down"
        hass.async_create_background_task(
            mqtt.async_publish(hass, topic, orjson.dumps(response), 0),
            "answer",
            eager_start=True,
        )

    assert await mqtt.async_wait_for_mqtt_client(hass)
    await mqtt.async_subscribe(hass, "ignore/+/up", ignore, 1, encoding=None)
    await mqtt.async_subscribe(hass, "answer/+/up", answer, 1, encoding=None)
    return True
