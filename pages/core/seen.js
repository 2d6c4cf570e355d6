// Of each document its address, a person's words in it, and whether it asks for the login: by a
// password's box, or by the address to which Forms authentication sends whoever has no session. Null
// where a frame is another server's, for whose words it is to be asked itself.
(top, withFrames) => {
  const found = [];
  const look = (view) => {
    const {document: doc, location} = view;
    found.push([
      location.href,
      doc.body ? doc.body.innerText || '' : '',
      /log-?(in|on).*[?&]ReturnUrl=/i.test(location.href) ||
        Array.from(doc.querySelectorAll('input[type=password]'))
          .some((box) => box.checkVisibility({visibilityProperty: true})),
    ]);
    for (let at = 0; withFrames && at < view.frames.length; at += 1) look(view.frames[at]);
  };
  try { look(top); } catch (another) { return null; }
  return found;
}
