// Citations get a button that copies them; without it they can be selected.
"use strict";

document.querySelectorAll("details.cite pre").forEach(function (text) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", function () {
    const range = document.createRange();
    range.selectNodeContents(text);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    button.textContent = document.execCommand("copy") ? "Copied" : "Select and copy";
  });
  text.before(button);
});
