"""(being written)"""

from aiohttp import web

from mock_portals.site import Portal


class Remedy(Portal):
    name = "remedy"

    def add_routes(self, router: web.UrlDispatcher) -> None:
        pass

    async def is_write(self, request: web.Request) -> bool:
        return False
