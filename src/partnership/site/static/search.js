// The search: lunr builds its index here, from documents.js, when the page opens.
"use strict";

(function () {
  const MOST = 60; // results on the page
  const EXCERPT = 220; // characters of text with a result
  const input = document.getElementById("query");
  const found = document.getElementById("found");
  const results = document.getElementById("results");

  const index = lunr(function () {
    this.ref("n");
    this.field("t", { boost: 4 });
    this.field("p");
    this.field("x");
    documents.forEach(function (one, n) {
      // What the pages say comes before the many titles of sources.
      this.add({ n: n, t: one.t, p: one.p, x: one.x }, { boost: one.k === "Source" ? 1 : 3 });
    }, this);
  });

  // As lunr cuts texts: at spaces and hyphens, without signs around a word.
  function wordsOf(text) {
    return text.toLowerCase().split(/[\s-]+/).map(function (word) {
      return word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$|\*/gu, "");
    }).filter(Boolean);
  }

  // Every word must be there: as it stands, as another form of it, or as a beginning.
  function search(words) {
    const per = words.map(function (word) {
      const hits = index.query(function (query) {
        query.term(word, { boost: 10, usePipeline: true });
        query.term(word, { usePipeline: false, wildcard: lunr.Query.wildcard.TRAILING });
      });
      return new Map(hits.map(function (hit) { return [hit.ref, hit.score]; }));
    });
    const first = per.shift();
    return Array.from(first.keys())
      .filter(function (ref) { return per.every(function (map) { return map.has(ref); }); })
      .map(function (ref) {
        return {
          document: documents[Number(ref)],
          score: per.reduce(function (sum, map) { return sum + map.get(ref); }, first.get(ref))
        };
      })
      .sort(function (one, two) { return two.score - one.score; });
  }

  function excerpt(text, words) {
    const lower = text.toLowerCase();
    const at = Math.max(0, Math.min.apply(null, words.map(function (word) {
      const place = lower.indexOf(word);
      return place < 0 ? text.length : place;
    })));
    let start = at >= text.length ? 0 : Math.max(0, at - 60);
    if (start > 0) {
      start = text.indexOf(" ", start) + 1;
    }
    const cut = text.slice(start, start + EXCERPT);
    return (start > 0 ? "… " : "") + cut + (start + EXCERPT < text.length ? " …" : "");
  }

  function marked(text, words) {
    const part = document.createDocumentFragment();
    const pattern = new RegExp("(" + words.map(function (word) {
      return word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    }).join("|") + ")", "gi");
    text.split(pattern).forEach(function (piece, n) {
      if (n % 2) {
        const mark = document.createElement("mark");
        mark.textContent = piece;
        part.append(mark);
      } else {
        part.append(piece);
      }
    });
    return part;
  }

  function entry(one, words) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const about = document.createElement("span");
    const text = document.createElement("p");
    link.href = one.u;
    link.textContent = one.t;
    about.className = "by";
    about.textContent = one.k === "Source" || one.p === one.t ? one.k : one.k + " · " + one.p;
    text.append(marked(excerpt(one.x, words), words));
    item.append(link, " ", about, text);
    return item;
  }

  function show(text) {
    const words = wordsOf(text);
    results.replaceChildren();
    if (!words.length) {
      found.textContent = "Type words in the box above and press Enter.";
      return;
    }
    const hits = search(words);
    const count = hits.length === 1 ? "1 result" : hits.length + " results";
    const more = hits.length > MOST ? ", the best " + MOST + " shown" : "";
    found.textContent = hits.length
      ? count + " for “" + text.trim() + "”" + more + "."
      : "Nothing found for “" + text.trim() + "”. Try fewer or shorter words.";
    results.append.apply(results, hits.slice(0, MOST).map(function (hit) {
      return entry(hit.document, words);
    }));
  }

  const asked = new URLSearchParams(location.search).get("q") || "";
  input.value = asked;
  input.form.addEventListener("submit", function (event) {
    event.preventDefault();
    show(input.value);
  });
  input.addEventListener("input", function () { show(input.value); });
  show(asked);
})();
