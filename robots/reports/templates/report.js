(() => {
  "use strict";
  const find = (id) => document.getElementById(id);
  const table = document.querySelector("table.cases");
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const search = find("buscar"), estado = find("estado"), open = find("abrir");
  const more = find("mas"), batch = Number(more.dataset.batch);

  // Of a long list the browser has laid out the first batch; to it the others are text, in blocks
  // that it reads as a page only where scripts are off. A case becomes part of the page when it is
  // first shown: thousands of them at once take a browser minutes.
  const ENTITIES = { amp: "&", lt: "<", gt: ">", "#34": '"', "#39": "'" };
  const cases = [...table.querySelectorAll("tbody.case")].map((element) => ({
    element, id: element.id, estado: element.dataset.estado, html: "",
  }));
  for (const block of document.querySelectorAll("noscript.batch")) {
    for (const piece of block.textContent.split(/(?=<tbody class="case")/).slice(1)) {
      const [, id, its] = piece.match(/id="([^"]*)" data-estado="([^"]*)"/);
      cases.push({ element: null, id, estado: its, html: piece.slice(0, piece.lastIndexOf("</tbody>") + 8) });
    }
    block.remove();
  }
  const byId = new Map(cases.map((one) => [one.id, one]));
  const plain = (html) => html.replace(/<[^>]*>/g, " ")
    .replace(/&(amp|lt|gt|#34|#39);/g, (_, name) => ENTITIES[name]);
  const textOf = (one) => one.text ??= fold(one.element ? one.element.textContent : plain(one.html));
  const elementOf = (one) => {
    if (!one.element) {
      const holder = document.createElement("template");
      holder.innerHTML = one.html;
      one.element = holder.content.firstElementChild;
      one.html = "";
    }
    return one.element;
  };
  let limit = batch, shown = [];

  const show = () => {
    const words = fold(search.value).split(/\s+/).filter(Boolean);
    const fitting = cases.filter((one) => (!estado.value || one.estado === estado.value)
      && words.every((word) => textOf(one).includes(word)));
    shown.forEach((one) => { one.element.hidden = true; });
    shown = fitting.slice(0, limit);
    shown.forEach((one) => { elementOf(one).hidden = false; });
    table.append(...shown.map((one) => one.element));
    find("cuenta").textContent = fitting.length === cases.length
      ? `${fitting.length} casos` : `${fitting.length} de ${cases.length} casos`;
    find("ninguno").hidden = fitting.length > 0 || cases.length === 0;
    more.hidden = fitting.length <= limit;
    more.textContent = `Mostrar más (hay ${fitting.length - limit} sin mostrar)`;
  };
  const filter = () => { limit = batch; show(); };
  more.addEventListener("click", () => { limit += batch; show(); });

  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  estado.addEventListener("change", filter);
  search.form.addEventListener("submit", (event) => { event.preventDefault(); filter(); });

  open.addEventListener("click", () => {
    const opens = open.getAttribute("aria-pressed") === "false";
    shown.forEach((one) => { one.element.querySelector("details").open = opens; });
    open.setAttribute("aria-pressed", String(opens));
    open.textContent = opens ? "Cerrar todos" : "Abrir todos";
  });

  const follow = () => {
    const target = byId.get(location.hash.slice(1));
    if (!target) return;
    if (!shown.includes(target)) {
      search.value = "";
      estado.value = "";
      filter();
    }
    if (!shown.includes(target)) {
      shown.push(target);
      elementOf(target).hidden = false;
      table.append(target.element);
    }
    target.element.querySelector("details").open = true;
    target.element.scrollIntoView();
  };
  addEventListener("hashchange", follow);

  shown = cases.filter((one) => one.element);
  search.form.hidden = false;
  filter();
  follow();
})();
