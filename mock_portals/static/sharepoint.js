/* The client side of the SharePoint pages: Minimal Download Strategy, the list view with its search
   and paging, and modal dialogs. The body says: data-base, data-view, data-list, data-mds, data-dice. */
(function () {
  "use strict";
  var base = document.body.dataset.base;
  var asked = 0;               /* the newest request for the view; older answers are dropped */
  var state = { query: "", page: 1, status: "" };

  function main() { return document.getElementById("DeltaPlaceHolderMain"); }

  /* start.aspx#/X shows page X: a delta replaces the main part, or the whole page is loaded. */
  function navigate() {
    var path = location.hash.slice(1) || document.body.dataset.view;
    fetch(base + path + (path.indexOf("?") < 0 ? "?" : "&") + "AjaxDelta=1").then(function (reply) {
      if (!reply.ok || reply.headers.get("X-SharePoint-MDS") === "failover") { throw reply; }
      return reply.text();
    }).then(function (html) {
      main().innerHTML = html;
      document.title = document.body.dataset.list + " - Todos los elementos";
      document.getElementById("pageTitle").textContent = document.body.dataset.list;
      paint();
    }).catch(function () { location.replace(base + path); });
  }

  /* Rows are painted a few at a time; the table is busy until the last one stands. */
  function paint() {
    var table = main().querySelector("table.ms-listviewtable");
    var source = main().querySelector("template.ms-rows");
    if (!table || !source) { return; }
    var rows = Array.from(source.content.children);
    (function next() {
      rows.splice(0, 8).forEach(function (row) { table.tBodies[0].appendChild(row); });
      if (rows.length) { setTimeout(next, 15); } else { table.setAttribute("aria-busy", "false"); }
    })();
  }

  function refresh() {
    var view = main().querySelector(".ms-csrview");
    if (!view) { return; }
    var mine = ++asked;
    view.setAttribute("aria-busy", "true");
    var address = base + "/_layouts/15/inplview.aspx?IsXslView=TRUE&List=" +
      encodeURIComponent("{" + main().querySelector("[data-list-id]").dataset.listId + "}") +
      "&p=" + state.page + "&Estado=" + encodeURIComponent(state.status) +
      "&InplaceSearchQuery=" + encodeURIComponent(state.query);
    fetch(address).then(function (reply) {
      if (!reply.ok) { throw reply; }
      return reply.text();
    }).then(function (html) {
      if (mine !== asked) { return; }
      view.innerHTML = html;
      paint();
      view.removeAttribute("aria-busy");
    }).catch(function () {
      if (mine !== asked) { return; }
      view.innerHTML = "<div class='ms-error' role='alert'>Lo sentimos, algo salió mal. No se pudo actualizar la vista.</div>";
      view.removeAttribute("aria-busy");
    });
  }

  function search() {
    var box = main().querySelector(".ms-inlineSearch-searchBox");
    state.query = box.classList.contains("ms-helperText") ? "" : box.value.trim();
    state.page = 1;
    refresh();
  }

  /* Dice that fall as the server's seed has it (mulberry32). */
  var dice = Number(document.body.dataset.dice);
  function random() {
    dice = (dice + 0x6d2b79f5) | 0;
    var t = Math.imul(dice ^ (dice >>> 15), 1 | dice);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  function guid() {
    return "xxxxxxxx-xxxx-4xxx-xxxx-xxxxxxxxxxxx".replace(/x/g, function () {
      return Math.floor(random() * 16).toString(16);
    });
  }

  function openDialog(address) {
    var overlay = document.createElement("div");
    overlay.className = "ms-dlgOverlay";
    var dialog = document.createElement("div");
    dialog.className = "ms-dlgContent";
    dialog.setAttribute("role", "dialog");
    dialog.innerHTML = "<div class='ms-dlgBorder ms-dlgTitle'><span class='ms-dlgTitleText'>Trabajando...</span>" +
      "<a href='#' class='ms-dlgCloseBtn' title='Cerrar cuadro de diálogo'>&#10005;</a></div>";
    var frame = document.createElement("iframe");
    frame.className = "ms-dlgFrame";
    frame.id = "DlgFrame" + guid();
    function close() { dialog.remove(); overlay.remove(); }
    frame.commitPopup = function (message) {
      /* the frame's own script runs this: it must have ended before the frame goes */
      setTimeout(function () {
        close();
        refresh();
        if (message) { notify(message); }
      }, 0);
    };
    frame.cancelPopUp = function () { setTimeout(close, 0); };
    frame.addEventListener("load", function () {
      var title = frame.contentDocument && frame.contentDocument.title;
      if (title) { dialog.querySelector(".ms-dlgTitleText").textContent = title; }
    });
    dialog.querySelector(".ms-dlgCloseBtn").addEventListener("click", function (event) {
      event.preventDefault();
      close();
    });
    document.body.append(overlay, dialog);
    dialog.appendChild(frame);
    frame.src = address + (address.indexOf("?") < 0 ? "?" : "&") + "IsDlg=1";
  }

  function notify(message) {
    var area = document.getElementById("notificationArea");
    area.innerHTML = "<div class='ms-notif' role='status'></div>";
    area.firstChild.textContent = message;
    setTimeout(function () { area.innerHTML = ""; }, 5000);
  }

  /* The column's filter menu, of the one column that has few values. */
  function filterMenu(link) {
    var menu = document.createElement("div");
    menu.className = "ms-core-menu-box";
    ["", "Pendiente", "Atendido"].forEach(function (status) {
      var entry = document.createElement("a");
      entry.href = "#";
      entry.textContent = status || "Borrar filtros de Estado";
      entry.addEventListener("click", function (event) {
        event.preventDefault();
        menu.remove();
        state.status = status;
        state.page = 1;
        refresh();
      });
      menu.appendChild(entry);
    });
    link.after(menu);
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a");
    if (!link) { return; }
    if (link.matches(".ms-heroCommandLink, .ms-listlink")) {
      event.preventDefault();
      openDialog(link.getAttribute("href"));
    } else if (link.matches(".ms-commandLink[data-page]")) {
      event.preventDefault();
      state.page = Number(link.dataset.page);
      refresh();
    } else if (link.matches(".ms-inlineSearch-searchImg")) {
      event.preventDefault();
      search();
    } else if (link.matches(".ms-headerFilter")) {
      event.preventDefault();
      filterMenu(link);
    }
  });
  /* the box holds its own hint as text until someone goes there */
  document.addEventListener("focusin", function (event) {
    if (event.target.matches(".ms-inlineSearch-searchBox.ms-helperText")) {
      event.target.value = "";
      event.target.classList.remove("ms-helperText");
    }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target.matches(".ms-inlineSearch-searchBox")) {
      event.preventDefault();
      search();
    }
  });
  window.addEventListener("hashchange", navigate);
  if (document.body.dataset.mds) { setTimeout(navigate, Number(document.body.dataset.mds)); } else { paint(); }
})();
