import type { Chapter, ConformanceTest } from '../conformance-test.js';
import { answerOf, statusOf, type Exchange } from '../http/exchange.js';
import { applicableIf, expectThat } from '../outcome.js';
import { signByStranger, unsigned, type StatementSigner } from '../software-statement.js';
import type { TestContext } from '../test-context.js';
import { expectRegistered, isRefusal, sameJson, shown } from './expectations.js';

const JAPANESE = 'client_name#ja-Jpan-JP';
const CLAIMED = 'A name from a software statement';
/** How long a statement that a test signs is valid, in seconds. */
const VALIDITY = 600;

/** A statement that nobody can verify must change nothing. */
const withoutEffect = (
  test: Pick<ConformanceTest, 'id' | 'level' | 'title' | 'rule'>,
  sign: StatementSigner,
): ConformanceTest => ({
  ...test,
  profiles: ['rfc7591'],
  reference: 'RFC 7591 section 2.3',
  async run(context) {
    const statement = sign({
      iss: 'https://conformance.example.org',
      software_id: 'x',
      client_name: CLAIMED,
    });
    const exchange = await context.register(context.body({ software_statement: statement }));
    const { client_name: name } = answerOf(exchange);
    expectThat(
      isRefusal(exchange) || (exchange.status < 300 && name !== CLAIMED),
      'the statement is refused (invalid_software_statement) or ignored',
      exchange.status < 300 ? `it was registered with client_name ${shown(name)}` : statusOf(exchange),
      exchange,
    );
  },
});

async function registeredWithStatement(
  context: TestContext,
): Promise<{ exchange: Exchange; statement: string }> {
  const { signer } = context;
  applicableIf(signer, 'no key that the server trusts was given: --software-statement-key');
  const now = Math.floor(Date.now() / 1_000);
  const statement = signer({
    iat: now,
    exp: now + VALIDITY,
    software_id: 'conformance-4NRB1',
    client_name: CLAIMED,
    redirect_uris: [context.redirectUri],
  });
  const exchange = await context.register(context.body({ software_statement: statement }));
  expectRegistered(exchange, 'a client with a trusted statement');
  return { exchange, statement };
}

export const languagesAndStatements: Chapter = {
  title: 'Languages and software statements',
  tests: [
    {
      id: 'R-80',
      level: 'MUST',
      title: 'a name in another language is registered as it was sent, or ignored',
      profiles: ['rfc7591', 'mcp'],
      reference: 'RFC 7591 section 2.2',
      rule: 'Human-readable client metadata values MAY be represented in multiple languages and scripts: client metadata names are followed by "#" and a language tag. Section 2: what is not understood is ignored.',
      async run(context) {
        const exchange = await context.register(context.body({ [JAPANESE]: 'クライアント名' }));
        const answer = expectRegistered(exchange, `a client with ${JAPANESE}`);
        expectThat(
          !(JAPANESE in answer) || answer[JAPANESE] === 'クライアント名',
          `${JAPANESE} is unchanged`,
          `it is ${shown(answer[JAPANESE])}`,
          exchange,
        );
        expectThat(
          sameJson(answer['client_name'] ?? 'Conformance test', 'Conformance test'),
          'client_name is unchanged',
          `it is ${shown(answer['client_name'])}`,
          exchange,
        );
      },
    },
    withoutEffect(
      {
        id: 'R-90',
        level: 'MUST',
        title: 'an unsigned software statement has no effect',
        rule: 'The software statement MUST be digitally signed or MACed using JSON Web Signature (JWS) and MUST contain an "iss" claim.',
      },
      unsigned,
    ),
    withoutEffect(
      {
        id: 'R-90-stranger',
        level: 'SHOULD',
        title: 'a software statement of an unknown issuer has no effect',
        rule: 'A statement takes effect when the authorization server trusts it; nobody can trust a signature whose key nobody has seen.',
      },
      signByStranger,
    ),
    {
      id: 'R-95',
      level: 'SHOULD',
      title: 'a software statement that was not used does not come back',
      profiles: ['rfc7591'],
      reference: 'RFC 7591 sections 2 and 3.2.1',
      rule: 'The answer returns a software statement that was used as part of the registration; what the server does not understand it ignores.',
      async run(context) {
        const statement = unsigned({ iss: 'https://conformance.example.org', client_name: CLAIMED });
        const exchange = await context.register(context.body({ software_statement: statement }));
        const { client_name: name, software_statement: echoed } = answerOf(exchange);
        applicableIf(name !== CLAIMED, 'the statement was used: see R-90');
        expectThat(
          echoed === undefined,
          'there is no software_statement in the answer',
          'an unsigned one came back among the registered metadata',
          exchange,
        );
      },
    },
    {
      id: 'R-67',
      level: 'MUST',
      title: 'a software statement that was used comes back unmodified',
      profiles: ['rfc7591'],
      reference: 'RFC 7591 section 3.2.1',
      rule: 'If a software statement was used as part of the registration, its value MUST be returned unmodified in the response along with other metadata using the member name "software_statement".',
      async run(context) {
        const { exchange, statement } = await registeredWithStatement(context);
        expectThat(
          answerOf(exchange)['software_statement'] === statement,
          'software_statement is what was sent',
          'it is missing or another',
          exchange,
        );
      },
    },
    {
      id: 'R-91',
      level: 'MUST',
      title: 'claims of a trusted software statement take precedence',
      profiles: ['rfc7591'],
      reference: 'RFC 7591 section 2.3',
      rule: 'If the same client metadata name is present in both locations and the software statement is trusted by the authorization server, the value of a claim in the software statement MUST take precedence.',
      async run(context) {
        const { exchange } = await registeredWithStatement(context);
        const { client_name: name } = answerOf(exchange);
        expectThat(name === CLAIMED, `client_name is ${shown(CLAIMED)}`, `it is ${shown(name)}`, exchange);
      },
    },
  ],
};
