(() => {
  "use strict";
  const find = (id) => document.getElementById(id);
  const cases = [...document.querySelectorAll("tbody.case")];
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const search = find("buscar"), estado = find("estado"), open = find("abrir");
  const more = find("mas"), batch = Number(more.dataset.batch);
  let texts = null, limit = batch;

  // A long list is shown a batch at a time: laying out thousands of rows takes a browser minutes.
  const show = () => {
    const words = fold(search.value).split(/\s+/).filter(Boolean);
    if (words.length) texts ??= cases.map((one) => fold(one.textContent));
    let fitting = 0;
    cases.forEach((one, index) => {
      const fits = (!estado.value || one.dataset.estado === estado.value)
        && words.every((word) => texts[index].includes(word));
      fitting += fits;
      one.hidden = !fits || fitting > limit;
    });
    find("cuenta").textContent = fitting === cases.length
      ? `${fitting} casos` : `${fitting} de ${cases.length} casos`;
    find("ninguno").hidden = fitting > 0 || cases.length === 0;
    more.hidden = fitting <= limit;
    more.textContent = `Mostrar más (hay ${fitting - limit} sin mostrar)`;
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
    cases.filter((one) => !one.hidden).forEach((one) => { one.querySelector("details").open = opens; });
    open.setAttribute("aria-pressed", String(opens));
    open.textContent = opens ? "Cerrar todos" : "Abrir todos";
  });

  const follow = () => {
    const target = location.hash && find(location.hash.slice(1));
    if (!target || !target.matches("tbody.case")) return;
    if (target.hidden) { search.value = ""; estado.value = ""; filter(); target.hidden = false; }
    target.querySelector("details").open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", follow);

  search.form.hidden = false;
  filter();
  follow();
})();
