// Answers are checked in the page, by the keys of the notebooks: what an answer may
// look like is the same as in workshop/exercises.py, where the reasons stand.
"use strict";

const exercises = (function () {
  const SPACES =
    /[\t-\r \u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]+/g;
  const AROUND = " \"'`´“”„‘’‚«»()[]{}.,:;!*";
  const NUMBER = /^[+-]?(?:[0-9]+(?:[.,][0-9]+)*|[.,][0-9]+)$/;
  const GROUPS = /^[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+$/;

  // SHA-256 (FIPS 180-4): crypto.subtle is not promised to a page opened from a file.
  function sha256(text) {
    const fraction = (x) => Math.floor((x - Math.floor(x)) * 4294967296);
    const primes = [];
    for (let n = 2; primes.length < 64; n++) {
      if (primes.every((p) => n % p)) primes.push(n);
    }
    const K = primes.map((p) => fraction(Math.cbrt(p)));
    const H = primes.slice(0, 8).map((p) => fraction(Math.sqrt(p)));
    const bytes = Array.from(new TextEncoder().encode(text));
    const bits = bytes.length * 8;
    bytes.push(128);
    while (bytes.length % 64 !== 56) bytes.push(0);
    for (let shift = 56; shift >= 0; shift -= 8) {
      bytes.push(Math.floor(bits / 2 ** shift) & 255);
    }
    const turn = (x, n) => (x >>> n) | (x << (32 - n));
    for (let start = 0; start < bytes.length; start += 64) {
      const w = [];
      for (let i = 0; i < 64; i++) {
        if (i < 16) {
          const [a, b, c, d] = bytes.slice(start + 4 * i, start + 4 * i + 4);
          w.push((a << 24) | (b << 16) | (c << 8) | d);
        } else {
          const s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
          const s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
          w.push((w[i - 16] + s0 + w[i - 7] + s1) | 0);
        }
      }
      let [a, b, c, d, e, f, g, h] = H;
      for (let i = 0; i < 64; i++) {
        const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
        const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
        const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
        const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [a, b, c, d, e, f, g, h] = [(t1 + t2) | 0, a, b, c, (d + t1) | 0, e, f, g];
      }
      [a, b, c, d, e, f, g, h].forEach((x, i) => { H[i] = (H[i] + x) | 0; });
    }
    return H.map((x) => (x >>> 0).toString(16).padStart(8, "0")).join("");
  }

  function plain(text) {
    const signs = Array.from(text.toLowerCase().replace(SPACES, " "));
    while (signs.length && AROUND.includes(signs[0])) signs.shift();
    while (signs.length && AROUND.includes(signs[signs.length - 1])) signs.pop();
    return signs.join("");
  }

  // Order by code points, as Python has it.
  function compare(one, other) {
    const [a, b] = [Array.from(one), Array.from(other)];
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      if (a[i] !== b[i]) return a[i].codePointAt(0) - b[i].codePointAt(0);
    }
    return a.length - b.length;
  }

  function read(written) {
    const text = written
      .replace(/[−‐‑‒–—]/g, "-")
      .replace(SPACES, " ")
      .replace(/^[ %]+|[ %]+$/g, "")
      .replace(/([0-9])[ '’](?=[0-9]{3}(?![0-9]))/g, "$1")
      .replaceAll("- ", "-");
    if (!NUMBER.test(text)) return [];
    const points = text.split(".").length - 1;
    const commas = text.split(",").length - 1;
    if (points && commas) {
      const last = text.lastIndexOf(".") > text.lastIndexOf(",") ? "." : ",";
      if ((last === "." ? points : commas) > 1) return [];
      return [Number(text.replaceAll(last === "." ? "," : ".", "").replace(last, "."))];
    }
    const grouped = GROUPS.test(text) ? [Number(text.replaceAll(",", ""))] : [];
    if (Math.max(points, commas) > 1) return grouped;
    return [Number(text.replace(",", ".")), ...grouped];
  }

  function rounded(number, decimals) {
    const edge = 1e-9 * Math.max(1, Math.abs(number));
    return [0, -edge, edge].map((step) => {
      const near = number + step, unit = 10 ** -decimals;
      const whole = decimals < 0 ? Math.round(near / unit) * unit : near;
      const text = whole.toFixed(Math.max(decimals, 0));
      return /^-[0.]*$/.test(text) ? text.slice(1) : text;
    });
  }

  function spellings(written, decimals) {
    if (decimals !== null) {
      return read(written).flatMap((number) => rounded(number, decimals));
    }
    const parts = written.split(/[,;]/).map(plain).filter((part) => part);
    return [plain(written), Array.from(new Set(parts)).sort(compare).join("; ")];
  }

  function accepts(task, written, key, decimals) {
    return spellings(written, decimals).some(
      (spelling) => sha256(task + "\n" + spelling).slice(0, 12) === key
    );
  }

  function advice(written, decimals) {
    if (decimals === null) return "";
    if (!read(written).length) return "A number is expected. ";
    if (decimals <= 0) return "";
    return "It is compared to " + decimals + " decimal" + (decimals > 1 ? "s. " : ". ");
  }

  function verdict(form, written) {
    const { task, key, hint } = form.dataset;
    const decimals = "decimals" in form.dataset ? Number(form.dataset.decimals) : null;
    if (!written.trim()) return "No answer yet.";
    if (accepts(task, written, key, decimals)) return "Right.";
    return ("Not yet. " + advice(written, decimals) + hint).trim();
  }

  document.querySelectorAll("form.answer").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      const said = verdict(form, String(new FormData(form).get("answer") || ""));
      form.querySelector("output").textContent = said;
      form.classList.toggle("right", said === "Right.");
    });
  });

  return { accepts: accepts, spellings: spellings };
})();
