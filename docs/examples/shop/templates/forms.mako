<%def name="post(route, klass='')">
<form method="post" action="${request.route_path(route)}" class="${klass}">
  <input type="hidden" name="csrf_token" value="${get_csrf_token()}">
  ${caller.body()}
</form>
</%def>
