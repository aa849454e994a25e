// Slides: arrow keys, space, or a swipe; Esc shows them all, S the notes.
// On a phone, and on paper, they stand below each other and need no script.
"use strict";

(function () {
  const room = window.matchMedia("(min-width: 40.01rem)");
  room.addEventListener("change", function () { location.reload(); });
  if (!room.matches) {
    return;
  }
  Reveal.initialize({
    width: 1280,
    height: 720,
    margin: 0.02,
    center: false,
    hash: true,
    progress: true,
    slideNumber: "c/t",
    transition: "none",
    view: "slide",
    scrollActivationWidth: 0
  });
  Reveal.addKeyBinding({keyCode: 83, key: "S", description: "Notes"}, function () {
    document.body.classList.toggle("with-notes");
  });
})();
