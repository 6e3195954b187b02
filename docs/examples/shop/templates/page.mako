<%namespace name="cards" file="card.mako"/>
<%namespace name="forms" file="forms.mako"/>
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Three Jars: a shop with three sessions</title>
<link rel="icon" href="data:,">
<style><%include file="style.css"/></style>
</head>
<body>
<a class="skip" href="#shop">Skip to the shop</a>
<header class="top">
  <svg class="logo" viewBox="0 0 66 40" aria-hidden="true">
    % for x, name in ((0, "public"), (23, "cart"), (46, "account")):
    <g class="${name}" transform="translate(${x} 0)">
      <rect x="3" y="2" width="14" height="6" rx="2"/>
      <path d="M2 11h16v0c2 3 2 5 2 8v14a5 5 0 0 1-5 5H5a5 5 0 0 1-5-5V19c0-3 0-5 2-8z"/>
    </g>
    % endfor
  </svg>
  <div>
    <h1>Three Jars</h1>
    <p>A small shop with three sessions: press buttons, and see what each session holds.</p>
  </div>
  <nav aria-label="Scheme">
    % for name, url in (("http", http), ("https", https)):
    <a href="${url}" aria-current="${'page' if name == request.scheme else 'false'}">${name}</a>
    % endfor
  </nav>
</header>

<main>
% if feedback:
<p class="feedback" role="status">${feedback.text}
  % if feedback.toolbar:
  <a href="${feedback.toolbar}" target="_blank">Look at that request in the debug toolbar</a>, tab SessionMulti.
  % endif
</p>
% endif
% for name, message in messages:
<p class="message ${name}" role="status"><b>${name}</b> ${message}</p>
% endfor

<section aria-labelledby="sessions">
  <div class="heading">
    <h2 id="sessions">Sessions</h2>
    <p>
      % if opened:
      This page opened ${" and ".join(opened)}, for a message or a login.
      % else:
      This page opened no session. It only peeked at the cookies.
      % endif
    </p>
    <%forms:post route="invalidate"><button class="danger" aria-describedby="about-invalidate">Invalidate all</button></%forms:post>
  </div>
  <div class="cards">
    % for row in rows.values():
    ${cards.card(row, https, storage)}
    % endfor
  </div>
  <details class="about" ${"" if feedback else "open"}>
    <summary>What the buttons do</summary>
    <dl>
      <dt>Write</dt><dd id="about-write">stores a value in this session.</dd>
      <dt>Flash</dt><dd id="about-flash">stores a message in this session; the next page shows and removes it.</dd>
      <dt>Lose a write</dt><dd id="about-lose">writes twice, the second time too late. The debug toolbar shows what was lost, and why. (Only for data in a cookie.)</dd>
      <dt>Renew</dt><dd id="about-renew">keeps the data under a new cookie, as a login does.</dd>
      <dt>Invalidate</dt><dd id="about-invalidate">ends the session: its data is gone, also on the server.</dd>
    </dl>
  </details>
</section>

<section id="shop" class="shop" aria-label="Shop">
  <div class="goods">
    <h2>Goods</h2>
    <p class="hint"><a href="${request.route_path('prices')}">Price list</a>, the same page for everybody</p>
    <ul>
      % for good in goods.values():
      <li>
        <span><b>${good.name}</b> <small>${good.note}</small></span>
        <span class="price">${price(good.cents)}</span>
        <%forms:post route="cart_add">
          <input type="hidden" name="good" value="${good.id}">
          <button class="cart" aria-label="Add ${good.name} to the cart">Add</button>
        </%forms:post>
      </li>
      % endfor
    </ul>
  </div>

  <div>
    <h2>Your cart</h2>
    % if basket:
    <ul>
      % for good, count in basket:
      <li>
        <span>${count} &times; ${good.name}</span>
        <span class="price">${price(count * good.cents)}</span>
        <%forms:post route="cart_remove">
          <input type="hidden" name="good" value="${good.id}">
          <button aria-label="Remove one ${good.name} from the cart">&minus;</button>
        </%forms:post>
      </li>
      % endfor
      <li class="total">
        <span>Total</span>
        <span class="price">${price(sum(count * good.cents for good, count in basket))}</span>
      </li>
    </ul>
    % else:
    <p class="hint">It is empty.</p>
    % endif
  </div>

  <div>
    <h2>Your account</h2>
    % if rows["account"].state == "refused":
    <p class="hint">Accounts exist only over https.</p>
    <p><a class="button account" href="${https}">Go to https</a></p>
    % elif user:
    <p>You are <b>${user}</b>.</p>
    <%forms:post route="logout"><button>Log out</button></%forms:post>
    <%forms:post route="logout_everywhere"><button class="danger">Log out everywhere</button></%forms:post>
    <p class="hint">Logging out does not change the cart. This login ends after ${minutes} minutes.</p>
    % else:
    <%forms:post route="login">
      <input name="user" aria-label="Name" placeholder="Your name" required maxlength="100">
      <button class="account">Log in</button>
    </%forms:post>
    <p class="hint">Any name works; there are no passwords.</p>
    % endif
  </div>
</section>

<section class="curl" aria-label="With curl">
  <h2>The same with curl</h2>
<pre>curl -c jar -b jar ${http}state
curl -c jar -b jar -X POST '${http}write?ns=cart&amp;key=note&amp;value=hello'
curl -c jar -b jar -k -X POST '${https}login?user=ada'</pre>
</section>
</main>
</body>
</html>
