// The state of the page's postback, or `mark`: from here on another one is meant; null where it
// cannot be told yet. `refusals`, `pause` and `here` are constants around this (see scripts.py).
//
// A whole postback replaces the document, and its mark with it. A partial one says that it has
// ended; on an error, and on an answer that is no delta, its parts show what they showed before.
// Measured: an empty answer ends without any error. One that was aborted has made room for another,
// which answers; a Timer's asks nothing for us.
// A page that is not ready yet is waited for in the page, for half a second: each look costs more.
async (what) => {
  const root = document.documentElement;
  if (!root) return null;
  const doc = document, view = window;
  const isLoading = () => !doc.body || doc.readyState !== 'complete';
  const isAwaited = (mark) => what === 'answered' && mark && !mark.answer;
  for (let looks = 0; looks < 25; looks += 1) {
    if (!isLoading() && !isAwaited(view.cargofijoPostback)) break;
    await pause(20);
  }
  if (isLoading()) return null;
  const mark = view.cargofijoPostback;
  if (what === 'answered' && mark && !mark.answer) {
    const summaries = Array.from(view.Page_ValidationSummaries || []);
    return {begun: mark.begun, told: refusals(root),
      tells: summaries.some((e) => e && e.showmessagebox === 'True')};
  }
  const forms = view.Sys && view.Sys.WebForms;
  const manager = forms && forms.PageRequestManager.getInstance();
  if (manager && manager.get_isInAsyncPostBack()) return null;
  if (what === 'answered') return {begun: true, answer: mark ? mark.answer : {}};
  if (what === 'mark') {
    if (!mark) {
      const isTimer = (element) => {
        const timer = view.Sys.UI && view.Sys.UI._Timer, component = element && view.$find;
        return Boolean(timer && component && view.$find(element.id) instanceof timer);
      };
      let ticks = false;
      const begun = () => { view.cargofijoPostback.begun = true; };
      view.addEventListener('beforeunload', here(begun));
      if (manager) {
        manager.add_beginRequest((sender, args) => {
          ticks = isTimer(args.get_postBackElement());
          if (!ticks) begun();
        });
        manager.add_endRequest((sender, args) => {
          const response = args.get_response(), error = args.get_error();
          if (ticks || (response && response.get_aborted())) return;
          // Measured: an answer that brought scripts cannot be read any more, and was a delta.
          let source = '0|';
          try { source = (response && response.get_responseData()) || ''; } catch (gone) {}
          view.cargofijoPostback.answer = error || !/^\d+\|/.test(source)
            ? {error: error ? error.message : '', source} : {};
        });
      }
    }
    view.cargofijoPostback = {begun: false, answer: null};
    return {told: refusals(root)};
  }
  return {};
}
