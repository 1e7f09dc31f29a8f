interface Bound {
  __data__?: unknown;
}

/**
 * Makes `old` like `next` and keeps as many of its elements as it can, with what listens to them: children are matched by
 * their place. What D3 has bound to the elements goes along.
 */
export function patch(old: Element, next: Element): void {
  for (const { name } of [...old.attributes]) if (!next.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of next.attributes)
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  (old as Bound).__data__ = (next as Bound).__data__;
  const wanted = [...next.childNodes];
  const there = [...old.childNodes];
  for (const child of there.slice(wanted.length)) child.remove();
  wanted.forEach((child, i) => {
    const own = there[i];
    if (!own) old.append(child);
    else if (own.nodeName !== child.nodeName) own.replaceWith(child);
    else if (own.nodeType === 1) patch(own as Element, child as Element);
    else if (own.textContent !== child.textContent) own.textContent = child.textContent;
  });
}
