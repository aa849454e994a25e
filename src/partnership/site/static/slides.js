// Slides: arrow keys, space, or a swipe; Esc shows them all.
"use strict";

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
