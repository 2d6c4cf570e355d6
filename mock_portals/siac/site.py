"""(being written)"""

from aiohttp import web

from mock_portals.site import Portal


class Siac(Portal):
    name = "siac"

    def add_routes(self, router: web.UrlDispatcher) -> None:
        pass

    async def is_write(self, request: web.Request) -> bool:
        return False
