/** A text node. */
class LightText {
  readonly nodeType = 3;
  constructor(readonly textContent: string) {}
}

/** The part of the DOM that D3 and `serialize` use: attributes in their order, children, text. */
class LightElement {
  readonly nodeType = 1;
  readonly isConnected = false;
  childNodes: (LightElement | LightText)[] = [];
  parentNode: LightElement | undefined;
  private readonly values = new Map<string, string>();

  constructor(
    readonly ownerDocument: LightDocument,
    readonly namespaceURI: string,
    readonly localName: string,
  ) {}

  get children(): LightElement[] {
    return this.childNodes.filter((child) => child instanceof LightElement);
  }
  get attributes(): { name: string; value: string }[] {
    return Array.from(this.values, ([name, value]) => ({ name, value }));
  }
  getAttribute(name: string): string | null {
    return this.values.get(name) ?? null;
  }
  hasAttribute(name: string): boolean {
    return this.values.has(name);
  }
  setAttribute(name: string, value: unknown): void {
    this.values.set(name, String(value));
  }
  setAttributeNS(_namespace: string, name: string, value: unknown): void {
    this.setAttribute(name, value);
  }
  removeAttribute(name: string): void {
    this.values.delete(name);
  }
  get textContent(): string {
    return this.childNodes.map((child) => child.textContent).join('');
  }
  set textContent(text: string) {
    this.childNodes = text === '' ? [] : [new LightText(String(text))];
  }
  appendChild(child: LightElement): LightElement {
    child.remove();
    child.parentNode = this;
    this.childNodes.push(child);
    return child;
  }
  remove(): void {
    const { parentNode } = this;
    if (parentNode) parentNode.childNodes = parentNode.childNodes.filter((child) => child !== this);
    this.parentNode = undefined;
  }
}

/** A document that creates elements and contains none, because figures are rendered detached. */
export class LightDocument {
  createElementNS(namespace: string, name: string): LightElement {
    return new LightElement(this, namespace, name);
  }
}
