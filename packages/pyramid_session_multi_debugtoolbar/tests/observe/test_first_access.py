"""The first access names the line that opened a session, and the view around it."""

from __future__ import annotations


def first_access(here):
    cell = here.content.find("table").tbody.find_all("td")[1]
    view = cell.find("div", recursive=False)
    return cell.summary.get_text(strip=True), view and " ".join(view.get_text().split())


def visit(site, signed, view, **options):
    """Visit a page of its own, whose view is called by Pyramid alone."""

    def setup(config):
        config.add_route("cart", "/cart")
        config.add_view(view, route_name="cart", **options)

    here = site(a=signed("a"), setup=setup)
    here.client.get("/cart")
    return first_access(here)


def helper(request):
    return request.session_multi["a"]


def test_a_helper_that_opened_it_shows_the_view_as_well(site, signed):
    """Many views may call the helper; which of them it was is what matters."""

    def cart(request):
        helper(request)
        return request.response

    line, view = visit(site, signed, cart)
    assert line.endswith(f"test_first_access.py:{helper.__code__.co_firstlineno + 1}")
    assert view.startswith("view test_a_helper_that_opened_it_shows_the_view_as_well.<locals>.cart")
    assert view.endswith(f"test_first_access.py:{cart.__code__.co_firstlineno + 1}")


def test_a_view_that_opened_it_is_named_once(site, signed):
    """It is the line itself."""

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
    """By its own name."""
    assert visit(site, signed, Views, attr="cart")[1].startswith("view Views.cart,")


def test_a_tween_that_opened_it_is_no_view(site, signed, tween):
    """Nothing is claimed then."""

    def inner(handler, request):
        helper(request)
        return handler(request)

    here = site(a=signed("a"), setup=lambda config: tween(config, inner))
    here.visit()
    assert here.content.find("table").tbody.find_all("td")[1].find("div") is None
