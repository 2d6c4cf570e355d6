// Quasar puts the options of a select into an element that is neither a list nor a group, where a
// screen reader loses them.
new MutationObserver(() =>
  document.querySelectorAll('[role=listbox] > div[tabindex]:not([role])')
    .forEach((inner) => inner.setAttribute('role', 'group'))
).observe(document.documentElement, {childList: true, subtree: true})
