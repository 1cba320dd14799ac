"""The ports of the servers."""

from tests.live.process import free_port


async def test_no_port_twice() -> None:
    """Servers whose ports are chosen before the first of them starts do not collide."""
    ports = [free_port() for _ in range(100)]
    assert len(set(ports)) == len(ports)
