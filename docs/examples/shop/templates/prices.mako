<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Three Jars: price list</title>
<link rel="icon" href="data:,">
<style><%include file="style.css"/></style>
</head>
<body>
<main class="prices">
  <h1>Price list</h1>
  <p>This page is the same for everybody. Its view declares no session, so any cache may keep it.</p>
  <table>
    % for good in goods.values():
    <tr><th>${good.name}</th><td>${good.note}</td><td class="price">${price(good.cents)}</td></tr>
    % endfor
  </table>
  <p><a class="button" href="${request.route_path('home')}">Back to the shop</a></p>
</main>
</body>
</html>
