<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Three Jars: ${title.lower()}</title>
<link rel="icon" href="data:,">
<style><%include file="style.css"/></style>
</head>
<body>
<main class="error">
  <h1>${title}</h1>
  <p>${error}</p>
  <p><a class="button" href="${request.route_path('home')}">Back to the shop</a></p>
</main>
</body>
</html>
