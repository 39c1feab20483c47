// Ties the buttons marked `data-passkey` to the WebAuthn functions of django-allauth.
// The name of the function is the value of the attribute; the other data attributes are the
// identifiers it needs. Nothing is written in the page itself: the site allows no inline script.
(() => {
  "use strict";

  const problem = document.getElementById("passkey-problem");
  const buttons = document.querySelectorAll("[data-passkey]");

  const say = (sentence) => {
    if (!problem) return;
    problem.textContent = problem.dataset[sentence];
    problem.hidden = false;
  };

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    say("refused");
  });

  for (const button of buttons) {
    if (!window.PublicKeyCredential) {
      button.addEventListener("click", (event) => {
        event.preventDefault();
        say("unsupported");
      });
      continue;
    }
    const { passkey, ...ids } = button.dataset;
    window.allauth.webauthn.forms[passkey]({ ids });
  }
})();
