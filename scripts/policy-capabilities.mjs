// Writes policies/capabilities.json: the built-in functions a policy may call.
//
// Allowed is what OPA compiles into the WebAssembly itself. Everything else would be a call to the host, which serves none:
// clocks, randomness and the network would make decisions impossible to replay, and the JavaScript stand-ins for sprintf,
// regex.split and yaml.* answer differently from OPA.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { POLICIES, fail, opa } from './policy-opa.mjs';

const NATIVE = `
  abs and array.concat array.flatten array.reverse array.slice assign base64.decode base64.encode base64.is_valid
  base64url.decode base64url.encode bits.and bits.lsh bits.negate bits.or bits.rsh bits.xor ceil concat contains count
  div endswith eq equal floor format_int glob.match graph.reachable gt gte indexof internal.member_2 internal.member_3
  intersection is_array is_boolean is_null is_number is_object is_set is_string json.filter json.is_valid json.marshal
  json.remove json.unmarshal lower lt lte max min minus mul neq net.cidr_contains net.cidr_intersects numbers.range
  object.filter object.get object.keys object.remove object.union object.union_n or plus product
  regex.find_all_string_submatch_n regex.is_valid regex.match rem replace round sort split startswith strings.replace_n
  strings.reverse substring sum to_number trim trim_left trim_prefix trim_right trim_space trim_suffix type_name union
  upper walk
`
  .trim()
  .split(/\s+/);

const current = JSON.parse(opa(['capabilities', '--current'], POLICIES));
const known = new Map(current.builtins.map((builtin) => [builtin.name, builtin]));
const missing = NATIVE.filter((name) => !known.has(name));
if (missing.length > 0) fail(`this opa does not know: ${missing.join(', ')}`);

const builtins = NATIVE.map((name) => known.get(name));
const allowed = {
  builtins,
  future_keywords: current.future_keywords,
  features: ['keywords_in_refs', 'rego_v1'],
  allow_net: [],
};
writeFileSync(join(POLICIES, 'capabilities.json'), `${JSON.stringify(allowed, null, 2)}\n`);
