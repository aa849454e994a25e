// The filter of the table of claims. Without this script the whole table stands there.
"use strict";

(function () {
  const form = document.getElementById("filter");
  const shown = document.getElementById("shown");
  const rows = Array.from(document.querySelectorAll("table.claims tbody tr"));

  function update() {
    const theme = form.elements.theme.value;
    const now = form.elements.now.value;
    const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    rows.forEach(function (row) {
      const text = row.textContent.toLowerCase();
      const fits = (!theme || row.dataset.theme === theme) &&
        (!now || row.dataset.now === now) &&
        words.every(function (word) { return text.includes(word); });
      row.hidden = !fits;
      left += fits ? 1 : 0;
    });
    shown.textContent = left + " of " + rows.length + " statements";
  }

  form.hidden = false;
  form.addEventListener("input", update);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  update();

  // A link to a row that the filter hides shows all rows.
  window.addEventListener("hashchange", function () {
    const row = document.getElementById(location.hash.slice(1));
    if (row && row.hidden) {
      form.reset();
      update();
      row.scrollIntoView();
    }
  });
})();
