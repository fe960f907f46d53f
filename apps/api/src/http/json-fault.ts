const WHITE = new Set([' ', '\t', '\n', '\r']);
const ESCAPED = new Set(['"', '\\', '/', 'b', 'f', 'n', 'r', 't']);
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const HEX = /[0-9a-fA-F]{4}/y;

/**
 * Where a text stops being JSON (RFC 8259): the offset of the first character that cannot stand there, or the text's
 * length where more was expected. For texts that JSON.parse refused; its own message names no place for some faults.
 */
export function jsonFault(text: string): number {
  return new Scanner(text).fault();
}

/** What may come next. */
type Expects = 'value' | 'value or ]' | 'key or }' | 'key' | 'colon' | 'comma or end';

class Scanner {
  private readonly text: string;
  private at = 0;
  private expects: Expects = 'value';
  private readonly open: ('[' | '{')[] = [];

  constructor(text: string) {
    this.text = text;
  }

  fault(): number {
    for (;;) {
      while (WHITE.has(this.text[this.at] ?? '')) this.at += 1;
      if (this.at >= this.text.length || !this.step(this.text[this.at] ?? '')) return this.at;
    }
  }

  /** Takes one token. On false, `at` is where the fault is. */
  private step(next: string): boolean {
    switch (this.expects) {
      case 'value':
        return this.value(next);
      case 'value or ]':
        return next === ']' ? this.close('[') : this.value(next);
      case 'key or }':
        return next === '}' ? this.close('{') : this.key(next);
      case 'key':
        return this.key(next);
      case 'colon':
        return next === ':' && this.punctuation('value');
      case 'comma or end':
        return this.afterValue(next);
    }
  }

  private value(next: string): boolean {
    if (next === '{' || next === '[') {
      this.open.push(next);
      return this.punctuation(next === '{' ? 'key or }' : 'value or ]');
    }
    this.expects = 'comma or end';
    return next === '"' ? this.string() : this.take(NUMBER) || this.take(WORD);
  }

  private key(next: string): boolean {
    this.expects = 'colon';
    return next === '"' && this.string();
  }

  private afterValue(next: string): boolean {
    const inside = this.open.at(-1);
    if (next === ',' && inside) return this.punctuation(inside === '[' ? 'value' : 'key');
    return (next === ']' && inside === '[' && this.close('[')) || (next === '}' && inside === '{' && this.close('{'));
  }

  private close(opened: '[' | '{'): boolean {
    if (this.open.pop() !== opened) return false;
    return this.punctuation('comma or end');
  }

  private punctuation(expects: Expects): true {
    this.expects = expects;
    this.at += 1;
    return true;
  }

  private string(): boolean {
    for (this.at += 1; this.at < this.text.length; this.at += 1) {
      const next = this.text[this.at] ?? '';
      if (next === '"') {
        this.at += 1;
        return true;
      }
      if (next < ' ' || (next === '\\' && !this.escape())) return false;
    }
    return false;
  }

  /** Leaves `at` on the escape's last character. */
  private escape(): boolean {
    this.at += 1;
    const next = this.text[this.at] ?? '';
    if (ESCAPED.has(next)) return true;
    if (next !== 'u') return false;
    this.at += 1;
    if (!this.take(HEX)) return false;
    this.at -= 1;
    return true;
  }

  private take(token: RegExp): boolean {
    token.lastIndex = this.at;
    const found = token.exec(this.text);
    this.at += found?.[0].length ?? 0;
    return found !== null;
  }
}
