/** An element with the datum that D3 has bound to it. */
interface Bound {
  __data__?: unknown;
}

/**
 * Makes `old` equal to `next` and keeps as many of its elements as possible, with their listeners. Children
 * are matched by position. Data bound by D3 move along.
 */
export function patch(old: Element, next: Element): void {
  for (const { name } of [...old.attributes]) if (!next.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of next.attributes)
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  (old as Bound).__data__ = (next as Bound).__data__;
  const nextChildren = [...next.childNodes];
  const oldChildren = [...old.childNodes];
  for (const child of oldChildren.slice(nextChildren.length)) child.remove();
  nextChildren.forEach((child, i) => {
    const oldChild = oldChildren[i];
    if (!oldChild) old.append(child);
    else if (oldChild.nodeName !== child.nodeName) oldChild.replaceWith(child);
    else if (oldChild.nodeType === 1) patch(oldChild as Element, child as Element);
    else if (oldChild.textContent !== child.textContent) oldChild.textContent = child.textContent;
  });
}
