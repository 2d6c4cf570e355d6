"""How the console looks: calm, one red for what is ours, and the report's tints for states."""

from __future__ import annotations

RED, INK, SOFT, LINE = "#B3261E", "#1F2933", "#F4F5F7", "#DDE1E6"

LOGIN_STYLE = """
:root { color-scheme: light dark; --ink: #1f2933; --paper: #fff; --ground: #f4f5f7; --line: #c9ced6;
  --soft: #5a6878 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --paper: #1d2127; --ground: #121417;
  --line: #444b55; --soft: #aab4c0 } }
* { box-sizing: border-box; font-family: system-ui, "Segoe UI", Roboto, Arial, sans-serif }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground);
  color: var(--ink) }
main { width: min(26rem, 94vw); padding: 2.2rem 2rem; background: var(--paper);
  border-radius: 12px; border-top: 4px solid #b3261e; box-shadow: 0 6px 24px #0002 }
h1 { margin: 0; font-size: 1.5rem } main > p:first-of-type { margin: .2rem 0 1.4rem;
  color: var(--soft) }
label { display: block; margin: .9rem 0 .3rem; font-size: .9rem }
input { width: 100%; padding: .65rem .7rem; font-size: 1rem; border: 1px solid var(--line);
  border-radius: 8px; background: transparent; color: inherit }
button { width: 100%; margin-top: 1rem; padding: .7rem; font-size: 1rem; border: 0;
  border-radius: 8px; background: #b3261e; color: #fff; cursor: pointer; line-height: 1.35 }
button:focus-visible, input:focus-visible { outline: 3px solid #5b8def; outline-offset: 1px }
.problem { padding: .6rem .8rem; border-radius: 8px; background: #fadedb; color: #811b15 }
.note { font-size: .92rem; line-height: 1.45; padding: .7rem .8rem; border-radius: 8px;
  background: #fff0c7; color: #5a3f00 }
"""

STYLE = """
body { background: #f4f5f7; color: #1f2933; font-size: 15px }
.body--dark { background: #121417; color: #e6e9ed }
.cf-header { background: #1f2933 !important; padding: 0 20px; min-height: 56px; gap: 20px;
  align-items: center }
.cf-brand { color: #fff !important; font-weight: 700; font-size: 18px; text-decoration: none;
  border-left: 4px solid #e2574c; padding-left: 10px; white-space: nowrap }
.cf-nav { display: flex; gap: 2px; flex: 1; overflow-x: auto }
.cf-place { display: flex; align-items: center; gap: 6px; padding: 9px 12px; border-radius: 8px;
  color: #cbd3dc !important; text-decoration: none !important; white-space: nowrap }
.cf-place:hover { background: #ffffff14 } .cf-here { background: #ffffff22; color: #fff !important }
.cf-who { gap: 12px; color: #fff } .cf-name { font-weight: 600; line-height: 1.2 }
.cf-role { font-size: 12px; color: #cbd3dc }
.cf-demo { background: #fff0c7; color: #5a3f00; padding: 7px 20px; width: 100%; font-size: 14px }
.w-full { width: 100% } .gap-0 { gap: 0 } .gap-1 { gap: 4px } .gap-2 { gap: 8px }
.gap-3 { gap: 14px } .q-field { width: 100% } .q-uploader { width: 100%; max-height: none }
.q-uploader__list { min-height: 52px } .q-uploader__subtitle { display: none }
.nicegui-content { padding: 0; gap: 0 }
.cf-page { width: 100%; max-width: 1440px; margin: 0 auto; padding: 22px 20px 60px; gap: 14px }
.cf-title { font-size: 24px; font-weight: 650; line-height: 1.2 }
.cf-subtitle { color: #5a6878; margin-top: -10px } .body--dark .cf-subtitle { color: #aab4c0 }
.cf-card { background: #fff; border: 1px solid #dde1e6; border-radius: 12px; padding: 18px 20px;
  width: 100%; box-shadow: none }
.body--dark .cf-card { background: #1d2127; border-color: #343a43 }
.cf-h2 { font-size: 17px; font-weight: 650 } .cf-step { color: #b3261e; font-weight: 650;
  font-size: 13px; letter-spacing: .02em } .body--dark .cf-step { color: #ff8a80 }
.cf-soft { color: #5a6878 } .body--dark .cf-soft { color: #aab4c0 }
.cf-facts { display: grid; grid-template-columns: minmax(150px, 240px) 1fr; gap: 5px 16px;
  width: 100%; align-items: baseline }
.cf-facts > .k { color: #5a6878 } .cf-facts > .v { font-weight: 550; overflow-wrap: anywhere;
  white-space: pre-wrap } .body--dark .cf-facts > .k { color: #aab4c0 }
.cf-chip { display: inline-block; padding: 2px 10px; border-radius: 999px; font-size: 13px;
  font-weight: 600; white-space: nowrap }
.cf-ok { color: #1b5232 } .body--dark .cf-ok { color: #7fd8a2 }
.cf-bad { color: #b3261e } .body--dark .cf-bad { color: #ff8a80 }
.cf-table { width: 100%; border-collapse: collapse } .cf-table th { text-align: left;
  font-weight: 600; color: #5a6878; font-size: 13px; padding: 6px 10px;
  border-bottom: 1px solid #c9ced6 }
.cf-table td { padding: 7px 10px; border-bottom: 1px solid #eceff2; vertical-align: top;
  overflow-wrap: break-word } .body--dark .cf-table td { border-color: #343a43 }
.body--dark .cf-table th { color: #aab4c0; border-color: #444b55 }
.cf-table td:first-child, .cf-table a { white-space: nowrap }
.cf-scroll { width: 100%; overflow-x: auto }
.cf-shot { width: 100%; border: 1px solid #dde1e6; border-radius: 8px; cursor: zoom-in }
.cf-thumb { width: 150px; border: 1px solid #dde1e6; border-radius: 6px; cursor: zoom-in }
.cf-choices { align-items: stretch } .cf-choice { border: 1px solid #dde1e6; border-radius: 10px;
  padding: 12px 14px; flex: 1 1 250px } .body--dark .cf-choice { border-color: #343a43 }
.cf-mail { white-space: pre-wrap; overflow-wrap: anywhere; font-family: ui-monospace, Consolas,
  "DejaVu Sans Mono", monospace; font-size: 13.5px; line-height: 1.5; margin: 0; width: 100%;
  padding: 12px 14px; border-radius: 8px; background: #f4f5f7 } .body--dark .cf-mail {
  background: #15181d }
.cf-done { display: grid; grid-template-columns: 24px 1fr auto 70px 150px; gap: 4px 12px;
  align-items: center; width: 100%; min-height: 34px } .cf-done > .n { font-weight: 600;
  overflow-wrap: anywhere } .cf-done > .s { text-align: right }
.cf-charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(480px, 100%), 1fr));
  gap: 14px; width: 100% } .cf-two { flex-wrap: wrap !important }
.q-stepper { background: transparent !important; box-shadow: none !important }
.q-stepper__header { background: #fff; border: 1px solid #dde1e6; border-radius: 12px }
.body--dark .q-stepper__header { background: #1d2127; border-color: #343a43 }
.q-stepper__tab:not(.q-stepper__tab--active, .q-stepper__tab--done) { color: #5a6878 }
.q-stepper__tab:not(.q-stepper__tab--active, .q-stepper__tab--done) .q-stepper__dot {
  background: #5a6878 } .body--dark .q-stepper__tab:not(.q-stepper__tab--active) { color: #aab4c0 }
.q-stepper__step-inner { padding: 16px 0 0 !important }
.body--dark .q-stepper__tab, .body--dark .q-btn--outline, .body--dark .q-btn--flat,
.body--dark .q-field { --q-primary: #ff8a80 }
.body--dark .q-field { --q-negative: #ff8a80 } .q-loading-bar { display: none }
.nicegui-link { color: #1f4f9e } .body--dark .nicegui-link { color: #8ab4f8 }
a:focus-visible, button:focus-visible { outline: 3px solid #5b8def !important; outline-offset: 1px }
@media (max-width: 700px) { .cf-facts { grid-template-columns: 1fr } .cf-facts > .k {
  margin-top: 6px } .cf-page { padding: 14px 12px 50px } .cf-header { flex-wrap: wrap !important;
  padding: 8px 12px 4px; gap: 4px 12px } .cf-brand { flex: 1 } .cf-nav { order: 3;
  flex: 1 0 100% } .cf-place { padding: 8px 10px } .cf-place i { display: none }
  .q-stepper__header { flex-wrap: nowrap !important }
  .q-stepper__tab:not(.q-stepper__tab--active) .q-stepper__label { position: absolute;
  clip-path: inset(50%) }
  .cf-done { grid-template-columns: 24px 1fr auto } .cf-done > .n,
  .cf-done > .p { grid-column: 2 / 4 } }
"""

#: Quasar puts the options of a select into an element that is neither a list nor a group, where a
#: screen reader loses them.
LISTS = """<script>new MutationObserver(() =>
  document.querySelectorAll('[role=listbox] > div[tabindex]:not([role])')
    .forEach((inner) => inner.setAttribute('role', 'group'))
).observe(document.documentElement, {childList: true, subtree: true})</script>"""
