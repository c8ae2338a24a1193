// Writes the table of client metadata into the guide, or with --check fails when the table there is not current.
// Reads dist/, so build first.
import { METADATA_TABLE } from '../dist/domain/metadata/metadata-table.js';
import { memberNote, memberSchema } from '../dist/features/registration/openapi/member-schema.js';
import { keepTable } from './generated-table.mjs';

keepTable(new URL('../docs/guides/registration.md', import.meta.url), 'metadata table', [
  ['Member', 'JSON', 'Left out', 'Remarks', 'Defined in'],
  ...METADATA_TABLE.map((member) => [
    `\`${member.name}\`${member.internationalised ? ', `' + member.name + '#ja` …' : ''}`,
    form(memberSchema(member, 'request'), member.issued),
    leftOut(member),
    remarks(member).join(' '),
    member.source,
  ]),
]);

function form({ type, items, format, maxLength, enum: values }, issued) {
  if (type === 'array') return `array: ${form(items)}`;
  if (values) return values.map((value) => `\`${value}\``).join(', ');
  const kind = format === 'uri' ? 'URI' : type;
  return type === 'string' && !issued ? `${kind}, up to ${maxLength.toLocaleString('en')}` : kind;
}

function leftOut({ issued, default: standard }) {
  if (issued) return 'only the server sets it';
  if (standard.kind === 'none') return '';
  return standard.kind === 'inferred' ? standard.from : `\`${JSON.stringify(standard.value)}\``;
}

function remarks(member) {
  return [
    memberNote(member),
    member.personal ? 'Personal data: sealed, erasable.' : null,
    member.input_only ? 'Only helps to choose; not answered.' : null,
  ].filter((remark) => remark !== null);
}
