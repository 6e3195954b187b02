<%namespace name="forms" file="forms.mako"/>
<%!
import json

KINDS = {
    "public": "A signed cookie, for everybody.",
    "account": "A signed cookie, Secure, on https only.",
}


def explain(row):
    if row.state == "refused" and row.has_cookie:
        return "The cookie came, and still its discriminator refuses http."
    if row.state == "refused":
        return "Its discriminator refuses http."
    if row.state == "untouched":
        return "No cookie came, and nothing was opened."
    if not row.accepted:
        return "The cookie leads nowhere: it was ended, is too old, or not from this shop."
    return "Only the message above." if row.messages else "It holds nothing."
%>
<%def name="card(row, https, storage)">
<article id="${row.name}" class="card ${row.name}">
  <header>
    <h3>${row.name}</h3>
    <span class="state ${row.state}">${row.state}</span>
  </header>
  <div class="facts">
    <p class="hint">${KINDS.get(row.name, f"A signed id; the data is in {storage}.")}</p>
    <dl>
      <dt>Cookie</dt>
      <dd><code>${row.cookie}</code></dd>
      <dt>It came</dt>
      <dd>
        % if row.has_cookie:
        yes, <code title="Fingerprint: the start of the value's SHA-256">${row.fingerprint}</code>
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
      <button class="${row.name}">Write</button>
    </%forms:post>
    <%forms:post route="flash" klass="line">
      <input type="hidden" name="ns" value="${row.name}">
      <input name="message" aria-label="Message" placeholder="a message, shown once" required maxlength="100">
      <button class="${row.name}">Flash</button>
    </%forms:post>
    <div class="line">
      % for route, label in (("renew", "Renew"), ("invalidate", "Invalidate")):
      <%forms:post route="${route}">
        <input type="hidden" name="ns" value="${row.name}">
        <button class="${'danger' if route == 'invalidate' else ''}">${label}</button>
      </%forms:post>
      % endfor
    </div>
  </div>
  % endif
</article>
</%def>
