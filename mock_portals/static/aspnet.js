/* The client side of the ASP.NET pages: postbacks, UpdatePanels, tabs and tables that fill slowly.
   A page says on its form: data-loading="<text of the overlay>". */
(function () {
  "use strict";
  var busy = false;
  var failure = null;          /* of the async postback that ended last */
  var listeners = [];

  var manager = {
    get_isInAsyncPostBack: function () { return busy; },
    add_endRequest: function (listener) { listeners.push(listener); },
    abortPostBack: function () {}
  };
  window.Sys = { WebForms: { PageRequestManager: { getInstance: function () { return manager; } } } };

  function form() { return document.forms[0]; }

  function overlay(on) {
    var shade = document.getElementById("UpdateProgress");
    if (on && !shade) {
      shade = document.createElement("div");
      shade.id = "UpdateProgress";
      shade.className = "modal-progress";
      shade.setAttribute("role", "alert");
      shade.setAttribute("aria-busy", "true");
      shade.appendChild(document.createElement("span")).textContent =
        form().dataset.loading || "Cargando...";
      document.body.appendChild(shade);
    } else if (!on && shade) {
      shade.remove();
    }
  }

  /* A plain postback leaves the address as it is; an async one fills in parts. A click while one is
     under way is lost, as in the real thing. */
  window.__doPostBack = function (target, argument) {
    if (busy) { return; }
    form().__EVENTTARGET.value = target;
    form().__EVENTARGUMENT.value = argument || "";
    form().submit();
  };

  window.__doAsyncPostBack = function (target, argument) {
    if (busy) { return; }
    busy = true;
    failure = null;
    overlay(true);
    form().__EVENTTARGET.value = target;
    form().__EVENTARGUMENT.value = argument || "";
    var body = new URLSearchParams(new FormData(form()));
    body.set("__ASYNCPOST", "true");
    fetch(form().action || location.href, {
      method: "POST",
      headers: { "X-MicrosoftAjax": "Delta=true" },
      body: body
    }).then(function (reply) {
      return reply.text().then(function (text) { return { ok: reply.ok, status: reply.status, text: text }; });
    }).then(function (reply) {
      if (!reply.ok || !/^\d+\|/.test(reply.text)) {
        /* not a delta: an error, or a whole page such as an expired session */
        document.open(); document.write(reply.text); document.close();
        return;
      }
      apply(reply.text);
    }).catch(function () {
      showError("Sys.WebForms.PageRequestManagerServerErrorException: no se pudo contactar al servidor.");
    }).finally(function () {
      form() && (form().__EVENTTARGET.value = "");
      busy = false;
      overlay(false);
      var args = { get_error: function () { return failure; } };
      listeners.forEach(function (listener) { listener(manager, args); });
    });
  };

  function apply(text) {
    var at = 0;
    while (at < text.length) {
      var bar = text.indexOf("|", at);
      var length = parseInt(text.slice(at, bar), 10);
      var kindEnd = text.indexOf("|", bar + 1);
      var idEnd = text.indexOf("|", kindEnd + 1);
      var kind = text.slice(bar + 1, kindEnd);
      var id = text.slice(kindEnd + 1, idEnd);
      /* the server counts code points */
      var content = Array.from(text.slice(idEnd + 1)).slice(0, length).join("");
      at = idEnd + 1 + content.length + 1;
      if (kind === "updatePanel") {
        var panel = document.getElementById(id);
        if (panel) { panel.innerHTML = content; dress(panel); }
      } else if (kind === "hiddenField") {
        var field = document.getElementById(id);
        if (field) { field.value = content; }
      } else if (kind === "scriptBlock") {
        (new Function(content))();
      } else if (kind === "pageRedirect") {
        location.href = content;
      } else if (kind === "error") {
        showError(content);
      }
    }
  }

  function showError(message) {
    failure = new Error(message);
    var box = document.createElement("div");
    box.className = "error-servidor";
    box.setAttribute("role", "alert");
    box.textContent = message;
    document.body.insertBefore(box, document.body.firstChild);
  }

  /* <table data-gradual>: its rows wait in a <template> and come in a few at a time. The table says
     aria-busy="true" until the last one is there. */
  function fill(table) {
    var source = table.querySelector("template");
    if (!source) { return; }
    var rows = Array.from(source.content.children);
    var body = table.tBodies[0];
    table.setAttribute("aria-busy", "true");
    (function next() {
      rows.splice(0, 5).forEach(function (row) { body.appendChild(row); });
      if (rows.length) { setTimeout(next, 20); } else { source.remove(); table.setAttribute("aria-busy", "false"); }
    })();
  }

  /* .ajax__tab_container: header spans with data-tab and panels with data-panel. Nothing of it is
     visible until this has run; the panels that are not active stay in the page, hidden. A header
     with data-postback="<control>" asks the server for its panel when it is clicked. */
  function tabs(container) {
    container.querySelector(".ajax__tab_header").setAttribute("role", "tablist");
    container.querySelectorAll("[data-tab]").forEach(function (header) {
      header.setAttribute("role", "tab");
      header.addEventListener("click", function () {
        if (busy) { return; }
        activate(container, header.dataset.tab);
        if (header.dataset.postback) { __doAsyncPostBack(header.dataset.postback, header.dataset.tab); }
      });
    });
    container.querySelectorAll("[data-panel]").forEach(function (panel) {
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-label", panel.dataset.panel);
    });
    setTimeout(function () {
      container.style.visibility = "visible";
      activate(container, container.dataset.active || container.querySelector("[data-tab]").dataset.tab);
    }, 60);
  }

  function activate(container, name) {
    container.querySelectorAll("[data-tab]").forEach(function (header) {
      var on = header.dataset.tab === name;
      header.className = on ? "ajax__tab_active" : "ajax__tab_inactive";
      header.setAttribute("aria-selected", on ? "true" : "false");
    });
    container.querySelectorAll("[data-panel]").forEach(function (panel) {
      panel.style.display = panel.dataset.panel === name ? "block" : "none";
    });
  }

  function dress(root) {
    root.querySelectorAll("table[data-gradual]").forEach(fill);
    root.querySelectorAll(".ajax__tab_container").forEach(tabs);
  }

  document.addEventListener("DOMContentLoaded", function () { dress(document); });
})();
