<%namespace name="forms" file="forms.mako"/>
<%!
import json

KINDS = {
    "public": "Its data is in a signed cookie. It exists on http and https.",
    "account": "Its data is in a signed cookie that is Secure. It exists only over https.",
}


def explain(row):
    if row.state == "refused" and row.has_cookie:
        return "The cookie was received, but the discriminator refuses http."
    if row.state == "refused":
        return "The discriminator refuses http."
    if row.state == "untouched":
        return "No cookie was received."
    if not row.accepted:
        return "The cookie was rejected: its session has ended, or it is not from this shop."
    return "It holds only the message above." if row.messages else "It holds no data."
%>
<%def name="card(row, https, storage)">
<article id="${row.name}" class="card ${row.name}">
  <header>
    <h3>${row.name}</h3>
    <span class="state ${row.state}">${row.state}</span>
  </header>
  <div class="facts">
    <p class="hint">${KINDS.get(row.name, f"Its data is in {storage}; the cookie holds a signed id.")}</p>
    <dl>
      <dt>Cookie</dt>
      <dd><code>${row.cookie}</code></dd>
      <dt>Received</dt>
      <dd>
        % if row.has_cookie:
        yes, <code title="Fingerprint: the first 8 digits of the value's SHA-256">${row.fingerprint}</code>
        % else:
        no
        % endif
      </dd>
    </dl>
    % if row.values:
    <table>
      % for key, value in row.values.items():
      <tr><th scope="row">${key}</th><td>${value if isinstance(value, str) else json.dumps(value)}</td></tr>
      % endfor
    </table>
    % else:
    <p class="nothing">${explain(row)}</p>
    % endif
  </div>
  % if row.state == "refused":
  <p class="actions"><a class="button account" href="${https}">Open it over https</a></p>
  % else:
  <div class="actions">
    <%forms:post route="write" klass="line">
      <input type="hidden" name="ns" value="${row.name}">
      <input name="key" aria-label="Key" placeholder="key" required maxlength="100">
      <input name="value" aria-label="Value" placeholder="value" required maxlength="100">
      <button class="${row.name}" aria-describedby="about-write">Write</button>
    </%forms:post>
    <%forms:post route="flash" klass="line">
      <input type="hidden" name="ns" value="${row.name}">
      <input name="message" aria-label="Message" placeholder="message, shown once" required maxlength="100">
      <button class="${row.name}" aria-describedby="about-flash">Flash</button>
    </%forms:post>
    % if row.name in KINDS:
    <%forms:post route="lose" klass="wide">
      <input type="hidden" name="ns" value="${row.name}">
      <button class="${row.name}" aria-describedby="about-lose">Lose a write</button>
    </%forms:post>
    % endif
    <div class="line">
      % for route, label in (("renew", "Renew"), ("invalidate", "Invalidate")):
      <%forms:post route="${route}">
        <input type="hidden" name="ns" value="${row.name}">
        <button class="${'danger' if route == 'invalidate' else ''}" aria-describedby="about-${route}">${label}</button>
      </%forms:post>
      % endfor
    </div>
  </div>
  % endif
</article>
</%def>
