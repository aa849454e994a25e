// The search. What is found first is decided as in partnership.evidence.words and
// finding, in Python; documents.js has the entries, and the rules that both share.
"use strict";

(function () {
  const MOST = 40; // results on the page
  const EXCERPT = 240; // characters of text with a result
  const ACADEMIC = /([0-9]{4})\s?[-–/]\s?([0-9]{4}|[0-9]{2})(?![0-9-])/g;
  const DAY = /([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?(?![0-9])/g;
  const WORD = /[0-9]+(?:\.[0-9]+)?|\p{L}+/gu;
  const rules = found[0];
  const entries = found[1].map(expanded);
  const stop = new Set(rules.stop);
  const places = new Map();

  // ---- words

  function folded(text) {
    return text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "")
      .replace(/(?<=[0-9])[,\s](?=[0-9]{3}(?![0-9]))/g, "");
  }

  function academicYear(first, second) {
    const following = String(Number(first) + 1);
    return following.endsWith(second) ? first + "/" + following : "";
  }

  const stems = new Map();

  function stem(word) {
    if (/^[0-9]/.test(word)) {
      return word;
    }
    if (!stems.has(word)) {
      stems.set(word, stemmed(word));
    }
    return stems.get(word);
  }

  function cut(word, endings) {
    const fits = endings.find(function (one) {
      return word.endsWith(one[0]) && word.length - one[0].length >= one[2];
    });
    const kept = !fits || (fits[0] === "s" && "us".includes(word.at(-2)));
    return kept ? word : word.slice(0, -fits[0].length) + fits[1];
  }

  function stemmed(word) {
    word = cut(cut(word, rules.endings[0]), rules.endings[1]);
    if (word.length > 4 && "ey".includes(word.at(-1))) {
      word = word.slice(0, -1);
    }
    word = cut(word, rules.endings[2]);
    return word.length > 3 && word.at(-1) === word.at(-2) ? word.slice(0, -1) : word;
  }

  function wordsIn(text) {
    return (text.match(WORD) || []).filter(function (word) { return !stop.has(word); });
  }

  function tokens(text) {
    const named = [];
    const rest = folded(text).replace(ACADEMIC, function (all, first, second) {
      const year = academicYear(first, second);
      if (year) {
        named.push(year, first);
      }
      return " " + (year || all).replace("/", " ") + " ";
    }).replace(DAY, function (all, year, month, day) {
      named.push(year + "-" + month);
      if (day) {
        named.push(all);
      }
      return " " + year + " ";
    });
    return named.concat(wordsIn(rest).map(stem));
  }

  function meant(word) {
    const fits = Object.keys(rules.means).filter(function (one) {
      return word.startsWith(one);
    });
    fits.sort(function (one, two) { return two.length - one.length; });
    return fits.length ? rules.means[fits[0]] : [];
  }

  function asked(question) {
    const groups = new Map();
    const rest = folded(question).replace(ACADEMIC, function (all, first, second) {
      const year = academicYear(first, second);
      if (year) {
        groups.set(year, [year]);
      }
      return year ? " " : all;
    }).replace(DAY, function (all) {
      groups.set(all, [all]);
      return " ";
    });
    wordsIn(rest).forEach(function (word) {
      groups.set(stem(word), Array.from(new Set([stem(word)].concat(meant(word)))));
    });
    return Array.from(groups.values());
  }

  // ---- the index

  function expanded(one, place, all) {
    const entry = { u: one.u, k: one.k, x: one.x, t: one.t, p: one.p, h: one.d || "" };
    if (one.o !== undefined) { // a stated figure of the series that is named there
      const of = all[one.o];
      entry.u = of.u.split("#")[0] + "#" + one.u;
      entry.k = "Value";
      entry.t = of.t;
      entry.p = of.p;
      entry.h = of.x + " " + of.d + " " + one.x.split(": ")[0];
    }
    const kind = rules.weights[entry.k];
    entry.w = Number(((kind === undefined ? rules.other : kind) * (one.w || 1)).toFixed(3));
    return entry;
  }

  function build() {
    const known = new Map();
    entries.forEach(function (entry, place) {
      const sentence = entry.k === "Number"; // it counts as its own title
      const named = sentence ? entry.x : entry.t + " " + entry.h;
      const text = sentence ? entry.t + " " : entry.x;
      if (!known.has(named)) {
        known.set(named, tokens(named));
      }
      const title = known.get(named);
      const every = title.concat(tokens(text));
      const half = 0.5 + every.length / rules.length;
      const own = new Set(title);
      const extra = rules.title / (1 + own.size / rules.length);
      const counts = new Map();
      every.forEach(function (one) { counts.set(one, (counts.get(one) || 0) + 1); });
      counts.forEach(function (count, token) {
        if (!places.has(token)) {
          places.set(token, new Map());
        }
        places.get(token).set(place, count / (count + half) + (own.has(token) ? extra : 0));
      });
    });
  }

  function having(group) {
    let counted = group.map(function (token, place) { return [token, place ? rules.like : 1]; });
    if (!places.has(group[0]) && group.length === 1 && group[0].length > 2) {
      counted = Array.from(places.keys()).filter(function (one) {
        return one.startsWith(group[0]);
      }).map(function (one) { return [one, rules.begins]; });
    }
    const best = new Map();
    counted.forEach(function (pair) {
      (places.get(pair[0]) || []).forEach(function (weight, place) {
        best.set(place, Math.max(best.get(place) || 0, pair[1] * weight));
      });
    });
    return best;
  }

  function search(groups) {
    const scores = new Map();
    let total = 0;
    groups.forEach(function (group) {
      const best = having(group);
      const rare = Math.log(1 + entries.length / Math.max(best.size, 1));
      total += rare;
      best.forEach(function (weight, place) {
        const old = scores.get(place) || [0, 0];
        scores.set(place, [old[0] + rare * weight, old[1] + rare]);
      });
    });
    return Array.from(scores, function (pair) {
      const share = pair[1][1] / total;
      return [pair[0], pair[1][0] * Math.pow(share, 3) * entries[pair[0]].w];
    }).sort(function (one, two) {
      return two[1] - one[1] || one[0] - two[0];
    }).map(function (pair) { return entries[pair[0]]; });
  }

  // ---- what the reader sees

  function excerpt(text, wanted) {
    const at = text.split(/(?<=[\s-])/).reduce(function (state, piece) {
      const hit = state.at < 0 && tokens(piece).some(function (one) { return wanted.has(one); });
      return { at: hit ? state.length : state.at, length: state.length + piece.length };
    }, { at: -1, length: 0 }).at;
    const start = at > 60 ? text.indexOf(" ", at - 60) + 1 : 0;
    const cut = text.slice(start, start + EXCERPT);
    return (start > 0 ? "… " : "") + cut + (start + EXCERPT < text.length ? " …" : "");
  }

  function marked(text, wanted) {
    const part = document.createDocumentFragment();
    text.split(/([\p{L}\p{N}][\p{L}\p{N}.,/]*)/u).forEach(function (piece, n) {
      if (n % 2 && tokens(piece).some(function (one) { return wanted.has(one); })) {
        const mark = document.createElement("mark");
        mark.textContent = piece;
        part.append(mark);
      } else {
        part.append(piece);
      }
    });
    return part;
  }

  function item(one, wanted) {
    const made = document.createElement("li");
    const link = document.createElement("a");
    const about = document.createElement("span");
    const text = document.createElement("p");
    link.href = one.u;
    link.textContent = one.t;
    about.className = "by";
    about.textContent = one.p === one.t || one.p === one.k + "s" || one.p === one.k
      ? one.k : one.k + " · " + one.p;
    text.append(marked(excerpt(one.x, wanted), wanted));
    made.append(link, " ", about, text);
    return made;
  }

  const input = document.getElementById("query");
  const told = document.getElementById("found");
  const results = document.getElementById("results");

  function show(text) {
    const groups = asked(text);
    results.replaceChildren();
    if (!groups.length) {
      told.textContent = "Type words in the box above and press Enter.";
      return;
    }
    const hits = search(groups);
    const count = hits.length === 1 ? "1 result" : hits.length + " results";
    const more = hits.length > MOST ? ", the best " + MOST + " shown" : "";
    told.textContent = hits.length
      ? count + " for “" + text.trim() + "”" + more + "."
      : "Nothing found for “" + text.trim() + "”. Try fewer or shorter words.";
    const wanted = new Set(groups.flat());
    results.append.apply(results, hits.slice(0, MOST).map(function (hit) {
      return item(hit, wanted);
    }));
  }

  build();
  const first = new URLSearchParams(location.search).get("q") || "";
  input.value = first;
  input.form.addEventListener("submit", function (event) {
    event.preventDefault();
    show(input.value);
  });
  input.addEventListener("input", function () { show(input.value); });
  show(first);
})();
