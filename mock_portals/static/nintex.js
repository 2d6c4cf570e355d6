/* The client side of a Nintex form. What is saved is what it heard of: a control whose value was set
   without a change event is not in it. */
(function () {
  "use strict";
  var form = document.forms[0];

  function all(selector, root) { return Array.from((root || document).querySelectorAll(selector)); }
  function controlOf(element) { return element.closest(".nf-filler-control"); }
  function nameOf(element) { return controlOf(element).dataset.controlname; }

  if (!form) {
    /* the display form: nothing of it is visible until its script has run */
    var shown = document.querySelector(".nf-display");
    setTimeout(function () { shown.style.visibility = "visible"; }, Number(shown.dataset.ready));
    document.querySelector(".nf-cancel").addEventListener("click", function () {
      window.frameElement.cancelPopUp();
    });
    return;
  }

  var save = form.querySelector(".nf-save");
  var summary = form.querySelector(".nf-validation-summary");

  /* ready: defaults are set (over anything typed too early), and what needs no rule is enabled */
  setTimeout(function () {
    all(".nf-associated-control").forEach(function (control) {
      if (!control.matches("select")) { control.value = ""; }
      if (!control.dataset.late) { control.disabled = false; }
    });
    save.disabled = false;
  }, Number(form.dataset.ready));

  form.addEventListener("change", function (event) {
    var control = event.target;
    if (!control.matches(".nf-associated-control") || control.matches(".sp-peoplepicker-editorInput")) { return; }
    control.nfValue = control.value;
    if (nameOf(control) === "TipoSolicitud") { rules(control.value); }
    if (control.matches(".nf-date-picker") && control.value && !/^\d{2}\/\d{2}\/\d{4}$/.test(control.value)) {
      control.value = control.nfValue = "";
    }
  });

  /* Rules of the request's type: the offer's section moves, and its controls are cleared and, a
     moment later, enabled. */
  function rules(value) {
    var chosen = value !== "**SelectValue**";
    var late = all("[data-late]");
    late.forEach(function (control) {
      control.disabled = true;
      control.value = "";
      control.nfValue = "";
    });
    setTimeout(function () {
      var offer = form.querySelector("[data-section='Oferta']");
      var other = form.querySelector("[data-section='Sustento']");
      if (/venta/.test(value)) { other.after(offer); } else { offer.after(other); }
      late.forEach(function (control) { control.disabled = !chosen; });
    }, Number(form.dataset.rules));
  }

  /* date picker: opens over what is below it, goes when the field is left or a day is chosen */
  form.addEventListener("focusin", function (event) {
    if (!event.target.matches(".nf-date-picker") || controlOf(event.target).querySelector(".ui-datepicker")) { return; }
    var field = event.target;
    var today = new Date();
    var days = new Date(today.getFullYear(), today.getMonth() + 1, 0).getDate();
    var picker = document.createElement("div");
    picker.className = "ui-datepicker";
    var table = document.createElement("table");
    for (var day = 1; day <= days; day++) {
      if (day % 7 === 1) { table.insertRow(); }
      table.rows[table.rows.length - 1].insertCell().textContent = day;
    }
    picker.innerHTML = "<div class='ui-datepicker-title'></div>";
    picker.firstChild.textContent = today.toLocaleDateString("es", { month: "long", year: "numeric" });
    picker.appendChild(table);
    picker.addEventListener("mousedown", function (event) {
      event.preventDefault();
      if (!event.target.matches("td")) { return; }
      field.value = ("0" + event.target.textContent).slice(-2) + "/" +
        ("0" + (today.getMonth() + 1)).slice(-2) + "/" + today.getFullYear();
      field.dispatchEvent(new Event("change", { bubbles: true }));
      picker.remove();
    });
    controlOf(field).appendChild(picker);
  });
  form.addEventListener("focusout", function (event) {
    if (event.target.matches(".nf-date-picker")) {
      var picker = controlOf(event.target).querySelector(".ui-datepicker");
      if (picker) { picker.remove(); }
    }
  });

  /* people picker: only a suggestion makes an entity of what is typed */
  all(".nf-peoplepicker").forEach(function (picker) {
    var input = picker.querySelector("input");
    var list = picker.querySelector(".sp-peoplepicker-autoFillContainer");
    var resolved = picker.querySelector(".sp-peoplepicker-resolveList");
    var message = picker.querySelector(".sp-peoplepicker-errorMsg");
    var timer = null;

    function dress(span) {
      input.nfValue = span.firstChild.textContent;
      input.nfAccount = span.dataset.account || "";
      span.querySelector("a").addEventListener("click", function (event) {
        event.preventDefault();
        span.remove();
        input.nfValue = input.nfAccount = "";
      });
    }
    function choose(person) {
      resolved.innerHTML = "<span class='sp-peoplepicker-userSpan'></span>";
      resolved.firstChild.textContent = person.name;
      resolved.firstChild.dataset.account = person.account;
      resolved.firstChild.insertAdjacentHTML("beforeend", "<a href='#' class='sp-peoplepicker-delImage' title='Quitar'>x</a>");
      dress(resolved.firstChild);
      input.value = "";
      message.textContent = "";
      list.style.display = "none";
    }
    function suggest(people) {
      var entries = list.querySelector("ul");
      entries.innerHTML = "";
      people.forEach(function (person) {
        var link = document.createElement("a");
        link.href = "#";
        link.innerHTML = "<span class='ms-core-menu-label'></span><span class='ms-metadata'></span>";
        link.children[0].textContent = person.name;
        link.children[1].textContent = person.title;
        link.title = person.account;
        link.addEventListener("click", function (event) { event.preventDefault(); choose(person); });
        entries.appendChild(document.createElement("li")).appendChild(link);
      });
      message.textContent = people.length ? "" : "No se encontraron resultados.";
      list.style.display = people.length ? "block" : "none";
    }
    input.addEventListener("input", function () {
      clearTimeout(timer);
      message.textContent = "";
      list.style.display = "none";
      if (input.value.trim().length < 3) { return; }
      timer = setTimeout(function () {
        fetch(form.dataset.people, {
          method: "POST",
          body: new URLSearchParams({ query: input.value.trim(), digest: form.__REQUESTDIGEST.value })
        }).then(function (reply) {
          if (!reply.ok) { throw reply; }
          return reply.json();
        }).then(suggest).catch(function () { message.textContent = "Lo sentimos, algo salió mal."; });
      }, 200);
    });
    input.addEventListener("blur", function () {
      if (input.value.trim()) { message.textContent = "No se encontró una coincidencia exacta."; }
    });
    if (resolved.firstElementChild) { dress(resolved.firstElementChild); }
  });

  /* repeating section: the first row is the hidden pattern of the others */
  var repeater = form.querySelector(".nf-repeater");
  repeater.addEventListener("click", function (event) {
    var row = event.target.closest(".nf-repeater-row");
    if (event.target.matches(".nf-repeater-addrow")) {
      event.preventDefault();
      setTimeout(function () {
        var copy = repeater.querySelector(".nf-repeater-row-hidden").cloneNode(true);
        copy.classList.remove("nf-repeater-row-hidden");
        all("input", copy).forEach(function (input) { input.disabled = false; input.id += "_" + repeater.children.length; });
        event.target.before(copy);
      }, 30);
    } else if (event.target.matches(".nf-repeater-deleterow-image")) {
      event.preventDefault();
      row.remove();
    }
  });

  /* attachments: the link makes a file input and opens it */
  form.querySelector(".nf-attachmentsLink").addEventListener("click", function (event) {
    event.preventDefault();
    var input = document.createElement("input");
    input.type = "file";
    input.multiple = true;
    input.name = "fileupload" + Math.floor(Math.random() * 1e9);
    input.addEventListener("change", function () {
      Array.from(input.files).forEach(function (file) {
        var row = form.querySelector(".nf-attachmentsTable tbody").insertRow();
        row.innerHTML = "<td><span class='nf-attachment-name'></span></td>";
        row.querySelector("span").textContent = file.name;
      });
    });
    form.querySelector(".nf-attachment-inputs").appendChild(input);
    input.click();
  });

  function values() {
    var data = {};
    all(".nf-filler-control[data-kind] .nf-associated-control").forEach(function (control) {
      data[nameOf(control)] = control.nfValue || "";
      if (control.nfAccount) { data[nameOf(control) + "Cuenta"] = control.nfAccount; }
    });
    data.Lineas = all(".nf-repeater-row:not(.nf-repeater-row-hidden)").map(function (row) {
      var line = {};
      all(".nf-associated-control", row).forEach(function (control) { line[nameOf(control)] = control.nfValue || ""; });
      return line;
    });
    return data;
  }

  function errors(data) {
    var found = [];
    all(".nf-filler-control-border").forEach(function (border) {
      var name = border.querySelector(".nf-filler-control").dataset.controlname;
      if (border.querySelector("label .ms-accentText") && (!data[name] || data[name] === "**SelectValue**")) {
        found.push(border.querySelector("label").firstChild.textContent.trim() + ": es un campo obligatorio.");
      }
    });
    data.Lineas.forEach(function (line) {
      if (!/^9\d{8}$/.test((line["Linea"] || "").trim())) { found.push("Línea: debe tener 9 dígitos y empezar con 9."); }
    });
    return found;
  }

  save.addEventListener("click", function () {
    var data = values();
    var found = errors(data);
    var list = summary.querySelector("ul");
    list.innerHTML = "";
    found.forEach(function (text) { list.appendChild(document.createElement("li")).textContent = text; });
    summary.style.display = found.length ? "" : "none";
    if (found.length) { return; }
    save.disabled = true;
    form.__NFFORMDATA.value = JSON.stringify(data);
    form.submit();
  });
  form.querySelector(".nf-cancel").addEventListener("click", function () { window.frameElement.cancelPopUp(); });
})();
