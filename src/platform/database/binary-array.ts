/** How elements of a PostgreSQL type are written in the binary wire format; `oid` is that of pg_type, the same everywhere. */
interface ElementType<Element> {
  readonly oid: number;
  /** Length in bytes. */
  readonly size: (element: Element) => number;
  readonly write: (element: Element, target: Buffer, at: number) => void;
}

const text: Omit<ElementType<string>, 'oid'> = {
  size: (element) => Buffer.byteLength(element, 'utf8'),
  write: (element, target, at) => void target.write(element, at, 'utf8'),
};

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const elementTypes = {
  bytea: {
    oid: 17,
    size: (element: Buffer) => element.length,
    write: (element: Buffer, target: Buffer, at: number) => void element.copy(target, at),
  },
  int: {
    oid: 23,
    size: () => 4,
    write: (element: number, target: Buffer, at: number) => void target.writeInt32BE(element, at),
  },
  json: { oid: 114, ...text },
  text: { oid: 25, ...text },
  uuid: {
    oid: 2950,
    size: (element: string) => {
      if (!UUID.test(element)) throw new TypeError(`${JSON.stringify(element)} is no UUID`);
      return 16;
    },
    write: (element: string, target: Buffer, at: number) =>
      void target.write(element.replaceAll('-', ''), at, 'hex'),
  },
};

/** Types whose arrays can be sent; the name is also the one that SQL casts to, as in `$1::uuid[]`. */
export type ArrayElementType = keyof typeof elementTypes;

const HEADER_BYTES = 20;
const EMPTY_HEADER_BYTES = 12;
const LENGTH_BYTES = 4;

/**
 * An array parameter in PostgreSQL's binary format (array_send in its source). `pg` passes a Buffer on as it is, where it
 * would write an array as text: every quote in it escaped, every byte as two digits, and all of it parsed again by the server.
 *
 * @param type of the elements, none of them null
 * @throws TypeError, RangeError for an element that is none of the type
 */
export function binaryArray(type: ArrayElementType, elements: readonly unknown[]): Buffer {
  const { oid, size, write } = elementTypes[type] as ElementType<unknown>;
  if (elements.length === 0) {
    const empty = Buffer.alloc(EMPTY_HEADER_BYTES);
    empty.writeInt32BE(oid, 8);
    return empty;
  }
  const sizes = elements.map(size);
  const total = sizes.reduce((sum, bytes) => sum + LENGTH_BYTES + bytes, HEADER_BYTES);
  const buffer = Buffer.allocUnsafe(total);
  // One dimension, no nulls, counted from 1.
  for (const [index, field] of [1, 0, oid, elements.length, 1].entries())
    buffer.writeInt32BE(field, index * 4);
  let at = HEADER_BYTES;
  for (const [index, element] of elements.entries()) {
    const bytes = sizes[index]!;
    buffer.writeInt32BE(bytes, at);
    write(element, buffer, at + LENGTH_BYTES);
    at += LENGTH_BYTES + bytes;
  }
  return buffer;
}
