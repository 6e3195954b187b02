"""The first access: the line that opened a session, and the view that contains it."""

from __future__ import annotations


def first_access(here):
    cell = here.content.find("table").tbody.find_all("td")[1]
    view = cell.find("div", recursive=False)
    return cell.summary.get_text(strip=True), view and " ".join(view.get_text().split())


def visit(site, signed, view, **options):
    """Visit a page of its own, whose view is called only by Pyramid."""

    def setup(config):
        config.add_route("cart", "/cart")
        config.add_view(view, route_name="cart", **options)

    here = site(a=signed("a"), setup=setup)
    here.client.get("/cart")
    return first_access(here)


def helper(request):
    return request.session_multi["a"]


def test_a_helper_that_opened_it_shows_the_view_as_well(site, signed):
    """Many views may call the helper, so the panel names the one that did."""

    def cart(request):
        helper(request)
        return request.response

    line, view = visit(site, signed, cart)
    assert line.endswith(f"test_first_access.py:{helper.__code__.co_firstlineno + 1}")
    assert view.startswith("view test_a_helper_that_opened_it_shows_the_view_as_well.<locals>.cart")
    assert view.endswith(f"test_first_access.py:{cart.__code__.co_firstlineno + 1}")


def test_a_view_that_opened_it_is_named_once(site, signed):
    """The line itself is in the view."""

    def cart(request):
        request.session_multi["a"]
        return request.response

    line, view = visit(site, signed, cart)
    assert line.endswith(f"test_first_access.py:{cart.__code__.co_firstlineno + 1}")
    assert view is None


class Views:
    def __init__(self, request):
        self.request = request

    def cart(self):
        helper(self.request)
        return self.request.response


def test_a_view_that_is_a_method(site, signed):
    """It has its own name."""
    assert visit(site, signed, Views, attr="cart")[1].startswith("view Views.cart,")


def test_a_tween_that_opened_it_is_not_a_view(site, signed, tween):
    """Then no view is named."""

    def inner(handler, request):
        helper(request)
        return handler(request)

    here = site(a=signed("a"), setup=lambda config: tween(config, inner))
    here.visit()
    assert here.content.find("table").tbody.find_all("td")[1].find("div") is None
