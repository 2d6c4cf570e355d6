/* The client side of the Mid-Tier: fields and their model, menus, tables, message popups.
   The page gives its facts in <script type="application/json" id="ARConfig">. */
(function () {
  "use strict";
  var config, model, group, staged, attached;

  function make(tag, name, text) {
    var element = document.createElement(tag);
    if (name) { element.className = name; }
    if (text !== undefined) { element.textContent = text; }
    return element;
  }

  function field(arid) {
    return document.getElementById("arid_WIN_" + config.window + "_" + arid);
  }

  /* Message popups are iframes over a mask: nothing beneath them can be clicked. */
  function frame(title, tall, fill) {
    var mask = document.body.appendChild(make("div", "PopupMask"));
    var box = document.body.appendChild(make("div", "PopupWrapper" + (tall ? " Tall" : "")));
    var inner = document.createElement("iframe");
    inner.id = "P" + config.popup++;
    inner.title = title;
    inner.src = "/static/remedy/popup.html";
    inner.addEventListener("load", function () {
      var doc = inner.contentDocument;
      fill(doc, doc.querySelector(".PopupContent"), function (name, act) {
        var button = doc.querySelector(".PopupFooter").appendChild(doc.createElement("a"));
        button.className = "btn";
        button.setAttribute("role", "button");
        button.setAttribute("href", "javascript:void(0)");
        button.textContent = name;
        button.addEventListener("click", act);
      }, function () { mask.remove(); box.remove(); });
    });
    box.appendChild(inner);
  }

  function message(text, after) {
    frame("Mensaje", false, function (doc, content, button, close) {
      content.textContent = text;
      button("Aceptar", function () { close(); if (after) { after(); } });
    });
  }

  function call(operation, asked) {
    var body = asked;
    if (!(asked instanceof FormData)) {
      body = new URLSearchParams({ param: JSON.stringify(asked) });
    }
    return fetch("/arsys/BackChannel/" + operation, { method: "POST", body: body })
      .then(function (reply) {
        if (!reply.ok) { throw new Error("status"); }
        return reply.json();
      })
      .catch(function () {
        return { message: "Se ha producido un error de red o de servidor (ARERR 9351)" };
      })
      .then(function (reply) {
        if (reply.message && !reply.saved) {
          message(reply.message, function () { if (reply.lost) { location.href = "/arsys/shared/login.jsp"; } });
          reply.failed = true;
        }
        return reply;
      });
  }

  /* Fields: what counts is the model, and only a change event reaches it. */
  function set(arid, value) {
    model[arid] = value;
    var element = field(arid);
    if (element) { element.value = value; }
  }

  function clear() {
    var query = field("536871030");
    model = query ? { "536871030": model && model["536871030"] } : {};
    group = "";
    staged = [];
    attached = [];
    document.querySelectorAll(".Form .df:not(.twin) textarea").forEach(function (element) {
      set(element.dataset.field, config.defaults[element.dataset.field] || "");
    });
    if (config.searching) { set("7", ""); set("1000000001", ""); }
  }

  function dirty() {
    return !config.searching && Object.keys(model).some(function (arid) {
      return (model[arid] || "") !== (config.defaults[arid] || "");
    });
  }

  /* Menus: a button opens div.MenuOuter; entries with more open another one on hover. */
  function closeMenus(level) {
    document.querySelectorAll(".MenuOuter").forEach(function (outer) {
      if (Number(outer.dataset.level) >= level) { outer.remove(); }
    });
  }

  function openMenu(arid, path, left, top) {
    closeMenus(path.length);
    var outer = make("div", "MenuOuter");
    outer.dataset.level = path.length;
    outer.style.left = left + "px";
    outer.style.top = top + "px";
    var table = outer.appendChild(make("table", "MenuTable"));
    table.insertRow().appendChild(make("td", "MenuEntryName", "Loading..."));
    document.body.appendChild(outer);
    call("ExpandMenu", { arid: arid, path: path }).then(function (reply) {
      if (reply.failed) { outer.remove(); return; }
      table.deleteRow(0);
      reply.entries.forEach(function (entry) {
        var row = table.insertRow();
        row.appendChild(make("td", "MenuEntryName", entry.name));
        row.appendChild(make("td", "MenuMore", entry.more ? "\u25b8" : ""));
        row.addEventListener("mouseenter", function () {
          closeMenus(path.length + 1);
          if (!entry.more) { return; }
          var box = outer.getBoundingClientRect(), at = row.getBoundingClientRect();
          openMenu(arid, path.concat(entry.name), box.right + scrollX, at.top + scrollY);
        });
        if (!entry.more) {
          row.addEventListener("click", function () {
            (config.fills[arid] || [arid]).forEach(function (filled, at) {
              set(filled, path.concat(entry.name)[at] || "");
            });
            closeMenus(0);
          });
        }
      });
    });
  }

  function menu(arid, button) {
    var box = button.getBoundingClientRect();
    openMenu(arid, [], box.left + scrollX, box.bottom + scrollY);
  }

  /* The expander of a text field: a textarea in an iframe of its own. */
  function expand(arid, label) {
    frame("Editor de " + label, true, function (doc, content, button, close) {
      var editor = doc.createElement("textarea");
      editor.id = "editor";
      editor.setAttribute("aria-label", label);
      content.appendChild(editor);
      setTimeout(function () { editor.value = model[arid] || ""; }, 0);
      button("Aceptar", function () { set(arid, editor.value); close(); });
      button("Cancelar", close);
    });
  }

  /* Lookups open a window, which calls this back and closes itself. */
  function lookup(arid) {
    var words = field(arid).value.trim();
    group = "";
    set(arid, "");
    window.open(config.lookup + "?text=" + encodeURIComponent(words), "_blank",
      "width=560,height=340");
  }

  window.ARLookupDone = function (id, name) {
    setTimeout(function () { group = id; set("1000000217", name); }, 40);
  };

  /* Tables: "Table has Not been Loaded" until they are; rows come in a few at a time. */
  function table(name) { return document.querySelector("[data-table=" + name + "]"); }

  function say(name, words) {
    var body = table(name).tBodies[0];
    body.textContent = "";
    var cell = body.insertRow().insertCell();
    cell.className = "TableMsg";
    cell.colSpan = 9;
    cell.textContent = words;
    status(name, "");
  }

  function status(name, words) {
    table(name).closest(".Results, .Pool").querySelector(".Status").textContent = words;
  }

  function paint(name, rows, total, each) {
    var body = table(name).tBodies[0];
    body.textContent = "";
    status(name, "Entradas devueltas - " + total);
    rows = rows.slice();
    (function next() {
      rows.splice(0, 7).forEach(function (values) {
        var row = body.insertRow();
        values.forEach(function (value) { row.insertCell().textContent = value; });
        if (each) { row.addEventListener("click", function () { each(row, values); }); }
      });
      if (rows.length) { setTimeout(next, 15); }
    })();
  }

  function showAttached() {
    paint("attachments", attached.map(function (file) {
      return [file.name, file.size === undefined ? "" : Math.ceil(file.size / 1024) + " KB"];
    }), attached.length);
  }

  function attach() {
    frame("Agregar datos adjuntos", false, function (doc, content, button, close) {
      var input = doc.createElement("input");
      input.type = "file";
      input.setAttribute("aria-label", "Archivo");
      content.appendChild(input);
      button("Aceptar", function () {
        if (!input.files.length) { return; }
        var form = new FormData();
        form.append("file", input.files[0], input.files[0].name);
        close();
        call("SetAttachment", form).then(function (reply) {
          if (reply.failed) { return; }
          staged.push(reply.key);
          attached.push(reply);
          showAttached();
        });
      });
      button("Cancelar", close);
    });
  }

  /* Searching: the old rows stay until the new ones are there. */
  function chunk(start, total) {
    var links = document.querySelector(".Chunk");
    links.textContent = "";
    if (total <= 25) { return; }
    links.append(" Mostrando " + (start + 1) + " - " + Math.min(start + 25, total) + " de " + total);
    [["Anterior", start - 25], ["Siguiente", start + 25]].forEach(function (step) {
      if (step[1] < 0 || step[1] >= total) { return; }
      var link = links.appendChild(make("a", "", step[0]));
      link.setAttribute("role", "button");
      link.addEventListener("click", function () { search(step[1]); });
    });
  }

  function search(start) {
    table("results").setAttribute("aria-busy", "true");
    status("results", "Cargando...");
    call("GetListEntry", { text: model["536871030"] || "", start: start }).then(function (reply) {
      table("results").removeAttribute("aria-busy");
      clear();
      say("attachments", "Table has Not been Loaded");
      if (reply.failed) {
        chunk(0, 0);
        paint("results", [], 0);
        return;
      }
      chunk(reply.start, reply.total);
      paint("results", reply.rows, reply.total, open);
    });
  }

  /* A row opens the whole record below; until it is there, the one before stays. */
  function open(row, values) {
    row.parentNode.querySelectorAll(".sel").forEach(function (other) { other.className = ""; });
    row.className = "sel";
    call("GetEntry", { number: values[0] }).then(function (reply) {
      if (reply.failed) { return; }
      say("attachments", "Table has Not been Loaded");
      Object.keys(reply.values).forEach(function (arid) { set(arid, reply.values[arid]); });
      setTimeout(function () {
        attached = reply.attachments.map(function (name) { return { name: name }; });
        showAttached();
      }, 25);
    });
  }

  /* "Guardar" stays where it is while it works: a second press saves a second time. */
  function save() {
    var values = Object.assign({}, model);
    call("SetEntry", { values: values, group: group, attachments: staged }).then(function (reply) {
      if (reply.failed) { return; }
      message(reply.message, function () { clear(); showAttached(); });
    });
  }

  var actions = {
    menu: menu, expand: expand, lookup: lookup, attach: attach, save: save,
    search: function () { search(0); }
  };

  function start() {
    config = JSON.parse(document.getElementById("ARConfig").textContent);
    /* what was typed before the form is ready is lost */
    setTimeout(function () {
      clear();
      document.querySelectorAll(".df:not(.twin) textarea").forEach(function (element) {
        element.addEventListener("change", function () {
          model[element.dataset.field] = element.value;
          if (element.dataset.field === "1000000217") { group = ""; }
        });
      });
      document.querySelectorAll("[data-act]").forEach(function (button) {
        button.addEventListener("click", function (event) {
          event.stopPropagation();
          var act = button.dataset.act, arid = button.dataset.field;
          if (act === "menu") { menu(arid, button); }
          else if (act === "expand") { expand(arid, button.dataset.label); }
          else { actions[act](arid); }
        });
      });
      document.addEventListener("click", function () { closeMenus(0); });
      document.querySelectorAll("a[data-leave]").forEach(function (link) {
        link.addEventListener("click", function (event) {
          if (dirty() && !confirm("Los cambios no guardados se perder\u00e1n. \u00bfDesea continuar?")) {
            event.preventDefault();
          }
        });
      });
      if (!config.searching) { showAttached(); }
      document.body.classList.remove("Unready");
    }, 60);
  }

  if (document.getElementById("ARConfig")) {
    document.addEventListener("DOMContentLoaded", start);
  }
})();
