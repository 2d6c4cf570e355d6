/* The client side of the ASP.NET pages, as Microsoft's scripts do it (seen on Mono's, and in its
   sources): postbacks, UpdatePanels, validators; and tabs and tables that fill slowly.
   A page says in its markup:
     <form data-async="<controls>" data-manager="<control>" data-loading="<text of the overlay>">
                                       controls outside of the panels that post back in part
     <div data-update-panel>           what stands in it posts back in part
     <span data-validator="<pattern>" data-control="<id>">, <div data-summary> */
(function () {
  "use strict";
  var request = null;          /* the async postback under way: {http, element} */
  var pressed = null;          /* the submit button that was clicked last */
  var blocked = false;         /* by the validators, until the submit that they stop */
  var begin = [], end = [];

  var manager = {
    get_isInAsyncPostBack: function () { return request !== null; },
    add_beginRequest: function (listener) { begin.push(listener); },
    add_endRequest: function (listener) { end.push(listener); },
    abortPostBack: function () {
      if (request === null) { return; }
      var asked = request;
      asked.aborted = true;
      asked.http.abort();
      ended(asked, null);
    }
  };
  window.Sys = { WebForms: { PageRequestManager: { getInstance: function () { return manager; } } } };

  function form() { return document.forms[0]; }
  /* The control of this name, or the one that it is in. */
  function byName(name) {
    var found = null;
    for (var outer = name; outer && !found; outer = outer.slice(0, Math.max(0, outer.lastIndexOf("$")))) {
      found = document.getElementById(outer.replace(/\$/g, "_"));
    }
    return found;
  }

  function isAsync(name, element) {
    if ((form().dataset.async || "").split(" ").indexOf(name) >= 0) { return true; }
    return Boolean(element && element.closest("[data-update-panel]"));
  }

  /* Whole, or in part where an UpdatePanel is asked. Nothing drops a second one: it is sent as well,
     and the answer to the first is thrown away. */
  window.__doPostBack = function (target, argument) {
    var element = byName(target);
    form().__EVENTTARGET.value = target;
    form().__EVENTARGUMENT.value = argument || "";
    if (isAsync(target, element)) { ask(target, element, null); } else { form().submit(); }
  };

  function submitted(event) {
    if (blocked) { blocked = false; event.preventDefault(); return; }
    var button = event.submitter || pressed;
    if (!button || !isAsync(button.name, button)) { return; }
    event.preventDefault();
    form().__EVENTTARGET.value = "";
    form().__EVENTARGUMENT.value = "";
    ask(button.name, button, button);
  }

  function ask(name, element, button) {
    manager.abortPostBack();
    var panel = element && element.closest("[data-update-panel]");
    var body = new URLSearchParams(new FormData(form()));
    body.set(form().dataset.manager || "ctl00$sm", (panel ? panel.id : "") + "|" + name);
    body.set("__ASYNCPOST", "true");
    if (button) { body.set(button.name, button.value); }
    var asked = { http: new XMLHttpRequest(), element: element, aborted: false };
    request = asked;
    begin.forEach(function (listener) {
      listener(manager, { get_postBackElement: function () { return element; } });
    });
    overlay(asked);
    asked.http.open("POST", form().action || location.href);
    asked.http.setRequestHeader("X-MicrosoftAjax", "Delta=true");
    asked.http.setRequestHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    asked.http.onloadend = function () { if (!asked.aborted) { answered(asked); } };
    asked.http.send(body.toString());
  }

  /* Only what the page's author made shows that something is under way, and only after a while. */
  function overlay(asked) {
    setTimeout(function () {
      if (request !== asked || document.getElementById("UpdateProgress")) { return; }
      var shade = document.createElement("div");
      shade.id = "UpdateProgress";
      shade.className = "modal-progress";
      shade.appendChild(document.createElement("span")).textContent =
        form().dataset.loading || "Cargando...";
      document.body.appendChild(shade);
    }, 500);
  }

  function failure(kind, words) { return new Error("Sys.WebForms.PageRequestManager" + kind + "Exception: " + words); }

  function answered(asked) {
    if (asked.http.status !== 200) {
      return ended(asked, failure("ServerError", "An unknown error occurred while processing the request on the " +
        "server. The status code returned from the server was: " + asked.http.status));
    }
    var parts = parsed(asked.http.responseText);
    if (typeof parts === "string") {
      return ended(asked, failure("ParserError", "The message received from the server could not be parsed. Common " +
        "causes for this error are when the response is modified by calls to Response.Write(), response filters, " +
        "HttpModules, or server trace is enabled.\r\nDetails: Error parsing near '" + parts + "'."));
    }
    for (var i = 0; i < parts.length; i++) {
      if (parts[i].kind === "error") { return ended(asked, failure("ServerError", parts[i].content)); }
      /* no endRequest: it stays under way until the page that comes is there */
      if (parts[i].kind === "pageRedirect") { location.href = parts[i].content; return; }
    }
    parts.forEach(function (part) {
      var element = part.id && document.getElementById(part.id);
      if (part.kind === "updatePanel" && element) { element.innerHTML = part.content; dress(element); }
      if (part.kind === "hiddenField") {
        if (!element) {
          element = document.createElement("input");
          element.type = "hidden";
          element.name = element.id = part.id;
          form().appendChild(element);
        }
        element.value = part.content;
      }
      if (part.kind === "scriptStartupBlock") { (new Function(part.content))(); }
    });
    ended(asked, null);
  }

  /* The parts, or the place where it cannot be read; an empty answer is no part and no error. */
  function parsed(text) {
    var at = 0, parts = [];
    while (at < text.length) {
      var head = /^(\d+)\|(\w+|#)\|([^|]*)\|/.exec(text.slice(at));
      var start = head && at + head[0].length, stop = head && start + Number(head[1]);
      if (!head || text.charAt(stop) !== "|") { return text.substr(at, 20); }
      parts.push({ kind: head[2], id: head[3], content: text.slice(start, stop) });
      at = stop + 1;
    }
    return parts;
  }

  function ended(asked, error) {
    if (request === asked) { request = null; }
    var shade = document.getElementById("UpdateProgress");
    if (shade) { shade.remove(); }
    var response = {
      get_aborted: function () { return asked.aborted; },
      get_responseData: function () { return asked.http.responseText; }
    };
    end.forEach(function (listener) {
      listener(manager, {
        get_error: function () { return error; },
        get_response: function () { return response; }
      });
    });
    if (error) { throw error; }
  }

  /* Validators look when a button asks them to, and stop its submit. */
  window.Page_Validators = [];
  window.Page_ValidationSummaries = [];
  window.Page_IsValid = true;

  window.Page_ClientValidate = function () {
    window.Page_IsValid = true;
    window.Page_Validators.forEach(function (validator) {
      var control = document.getElementById(validator.dataset.control);
      validator.isvalid = !control || new RegExp(validator.dataset.validator).test(control.value);
      validator.style.visibility = validator.isvalid ? "hidden" : "visible";
      if (!validator.isvalid) { window.Page_IsValid = false; }
    });
    window.Page_ValidationSummaries.forEach(function (summary) {
      summary.style.display = window.Page_IsValid ? "none" : "";
      summary.innerHTML = "";
      window.Page_Validators.filter(function (validator) { return !validator.isvalid; })
        .forEach(function (validator) {
          summary.appendChild(document.createElement("li")).textContent = validator.dataset.message;
        });
    });
    return window.Page_IsValid;
  };
  window.WebForm_DoPostBackWithOptions = function () { blocked = !window.Page_ClientValidate(); };

  /* The button that Enter presses in a panel's boxes. */
  window.WebForm_FireDefaultButton = function (event, id) {
    if (event.key !== "Enter" || event.target.matches("textarea, input[type=submit]")) { return true; }
    document.getElementById(id).click();
    return false;
  };

  /* <table data-gradual="<id>">: its rows wait in a <template> and come in a few at a time. What has
     this id is shown once the last one is there; until then a table with aria-busy says "true". */
  function fill(table) {
    var source = table.querySelector("template");
    if (!source) { return; }
    var rows = Array.from(source.content.children);
    var body = table.tBodies[0], busy = table.hasAttribute("aria-busy");
    (function next() {
      rows.splice(0, 5).forEach(function (row) { body.appendChild(row); });
      if (rows.length) { setTimeout(next, 20); return; }
      source.remove();
      if (busy) { table.setAttribute("aria-busy", "false"); }
      document.getElementById(table.dataset.gradual).style.display = "";
    })();
  }

  /* .ajax__tab_container: headers with data-tab and panels with data-panel. Nothing of it is
     visible until this has run; the panels that are not active stay in the page, hidden. A header
     with data-postback="<control>" asks the server for its panel when it is clicked; the class
     data-open is on the one that is open. Where headers have a role, panels have theirs. */
  function tabs(container) {
    container.querySelectorAll("[data-tab]").forEach(function (header) {
      header.addEventListener("click", function (event) {
        event.preventDefault();
        activate(container, header.dataset.tab);
        if (header.dataset.postback) { __doPostBack(header.dataset.postback, header.dataset.tab); }
      });
    });
    var roles = container.querySelector("[role=tablist]") !== null;
    container.querySelectorAll("[data-panel]").forEach(function (panel) {
      if (!roles) { return; }
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
      header.classList.toggle(header.dataset.open, on);
      if (header.hasAttribute("role")) { header.setAttribute("aria-selected", on ? "true" : "false"); }
    });
    container.querySelectorAll("[data-panel]").forEach(function (panel) {
      panel.style.display = panel.dataset.panel === name ? "block" : "none";
    });
  }

  function dress(root) {
    root.querySelectorAll("table[data-gradual]").forEach(fill);
    root.querySelectorAll(".ajax__tab_container").forEach(tabs);
    window.Page_Validators = Array.from(document.querySelectorAll("[data-validator]"));
    window.Page_ValidationSummaries = Array.from(document.querySelectorAll("[data-summary]"));
  }

  document.addEventListener("DOMContentLoaded", function () {
    dress(document);
    document.addEventListener("click", function (event) {
      pressed = event.target.closest && event.target.closest("input[type=submit], button");
    }, true);
    if (form()) { form().addEventListener("submit", submitted); }
  });
})();
