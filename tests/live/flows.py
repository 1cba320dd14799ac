"""Config flows over REST, step by step as the frontend walks them."""

from .api import DOMAIN, Api, Json
from .process import HOST, until

FLOWS = "/api/config/config_entries/flow"
OPTIONS_FLOWS = "/api/config/config_entries/options/flow"
FLOW_SECONDS = 90.0


async def start(api: Api, handler: str = DOMAIN) -> Json:
    """Start to add an integration."""
    step: Json = await api.request("POST", FLOWS, {"handler": handler})
    return step


async def submit(api: Api, flow: Json, **data: object) -> Json:
    """Fill in the form a flow shows, and follow it to the next one."""
    path = f"{FLOWS}/{flow['flow_id']}"
    return await follow(api, await api.request("POST", path, data))


async def follow(api: Api, result: Json) -> Json:
    """Return the next step of a flow that wants something, or its end."""

    async def probe() -> Json | None:
        nonlocal result
        if result["type"] not in {"progress", "progress_done"}:
            return result
        result = await api.request("GET", f"{FLOWS}/{result['flow_id']}")
        return None

    return await until(probe, "the flow does not go on", seconds=FLOW_SECONDS)


async def choose(api: Api, flow: Json, option: str) -> Json:
    """Choose from the menu a flow shows, and follow it to the next step."""
    return await submit(api, flow, next_step_id=option)


async def search(api: Api, menu: Json) -> Json:
    """Choose to search, and return while the search goes on."""
    path = f"{FLOWS}/{menu['flow_id']}"
    step: Json = await api.request("POST", path, {"next_step_id": "search"})
    return step


async def discovered(api: Api, sn: str, *, seconds: float = 10.0) -> Json:
    """Return the flow that was started for a camera by itself."""

    async def probe() -> Json | None:
        flows = await api.command("config_entries/flow/progress")
        return next(
            (flow for flow in flows if flow["context"]["unique_id"] == sn), None
        )

    return await until(probe, f"{sn} is not discovered", seconds=seconds)


async def offered(api: Api) -> dict[str, Json]:
    """Return the flows that were started for cameras by themselves."""
    return {
        flow["context"]["unique_id"]: flow
        for flow in await api.command("config_entries/flow/progress")
        if (flow["handler"], flow["context"]["source"])
        == (DOMAIN, "integration_discovery")
    }


async def ignore(api: Api, flow: Json) -> None:
    """Choose to hear no more of what was discovered."""
    title = flow["context"]["title_placeholders"]["name"]
    await api.command(
        "config_entries/ignore_flow", flow_id=flow["flow_id"], title=title
    )


async def add_mqtt(
    api: Api, port: int, *, ca: bytes | None = None, **account: str
) -> Json:
    """Connect Home Assistant to a broker, by TLS if there is a certificate for it."""
    transport: Json = {
        "set_client_cert": False,
        "set_ca_cert": "off",
        "tls_insecure": False,
        "transport": "tcp",
    }
    if ca is not None:
        certificate = await api.upload("ca.crt", ca)
        transport |= {"set_ca_cert": "custom", "certificate": certificate}
    flow = await start(api, "mqtt")
    return await submit(
        api,
        flow,
        broker=HOST,
        port=port,
        protocol="5",
        other_settings=transport,
        **account,
    )


async def add_camera(api: Api, sn: str, name: str | None = None) -> Json:
    """Add a camera by its serial number, and give it a name if it answers."""
    form = await choose(api, await start(api), "manual")
    end = await submit(api, form, sn=sn, topics={})
    if name is not None and end["type"] == "create_entry":
        await give_name(api, sn, name)
    return end


async def give_name(api: Api, sn: str, name: str) -> None:
    """Name a camera, as the frontend does after the flow, and its entities alike."""
    devices = await api.command("config/device_registry/list")
    (device,) = [device["id"] for device in devices if device["serial_number"] == sn]
    update = "config/device_registry/update"
    await api.command(update, device_id=device, name_by_user=name)
    former = [*(await api.entities(sn)).values()]
    automatic = "config/entity_registry/get_automatic_entity_ids"
    names = await api.command(automatic, entity_ids=former)
    for entity_id, new in names.items():
        update = "config/entity_registry/update"
        await api.command(update, entity_id=entity_id, new_entity_id=new)


async def open_options(api: Api, entry_id: str, option: str) -> Json:
    """Choose from the options of a camera, and return the next step."""
    menu = await api.request("POST", OPTIONS_FLOWS, {"handler": entry_id})
    return await submit_options(api, menu, next_step_id=option)


async def submit_options(api: Api, flow: Json, **data: object) -> Json:
    """Fill in a form of the options, and return the next step."""
    path = f"{OPTIONS_FLOWS}/{flow['flow_id']}"
    step: Json = await api.request("POST", path, data)
    return step


async def set_options(api: Api, entry_id: str, **options: object) -> Json:
    """Change some settings of a camera; the others are left as the form has them."""
    form = await open_options(api, entry_id, "settings")
    unchanged = {field["name"]: field["default"] for field in form["data_schema"]}
    return await submit_options(api, form, **(unchanged | options))
