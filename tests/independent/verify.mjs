// Verifies credentials with the Digital Bazaar stack, without any network.
//
// Standard input: {"pages": {url: document}, "now": instant, "credentials": [...],
// "tokens": [{"token", "jwk"}]}. `pages` holds the Open Badges contexts, the issuers' DID
// documents and the status lists; the W3C contexts come from the npm packages.
// Standard output: {"credentials": [{"is_verified", "is_status_clear", "errors"}], "tokens": [...]}.

import {createPublicKey, verify as verifySignature} from 'node:crypto';
import {text} from 'node:stream/consumers';
import * as credentialsContext from '@digitalbazaar/credentials-context';
import * as dataIntegrityContext from '@digitalbazaar/data-integrity-context';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';

globalThis.fetch = url => {
  throw new Error(`the network was asked for ${url}`);
};

const input = JSON.parse(await text(process.stdin));
const pages = new Map([
  ...credentialsContext.contexts,
  ...dataIntegrityContext.contexts,
  ...Object.entries(input.pages),
]);

async function documentLoader(url) {
  return {contextUrl: null, documentUrl: url, document: structuredClone(found(url))};
}

function found(url) {
  if(pages.has(url)) {
    return pages.get(url);
  }
  const holder = pages.get(url.split('#')[0]);
  const method = holder?.verificationMethod?.find(({id}) => id === url);
  if(!method) {
    throw new Error(`unknown document ${url}`);
  }
  return {'@context': 'https://w3id.org/security/multikey/v1', ...method};
}

function messages(error) {
  const parts = [error, ...(error?.errors ?? [])];
  return parts.filter(Boolean).map(({message}) => message);
}

async function judge(credential) {
  const suite = new DataIntegrityProof({cryptosuite});
  const now = new Date(input.now);
  const result = await vc.verifyCredential({
    credential, suite, documentLoader, now,
    // Signature and status are told apart: the status has its own answer below.
    checkStatus: async () => ({verified: true}),
  });
  const status = await checkStatus({credential, suite, documentLoader});
  return {
    is_verified: result.verified,
    is_status_clear: status.verified,
    statuses: (status.results ?? []).map(({status}) => status),
    errors: [...messages(result.error), ...messages(status.error)],
  };
}

function judgeToken({token, jwk}) {
  const [header, payload, signature] = token.split('.');
  const key = createPublicKey({key: jwk, format: 'jwk'});
  const {alg} = JSON.parse(Buffer.from(header, 'base64url'));
  return alg === 'ES256' && verifySignature(
    'sha256', Buffer.from(`${header}.${payload}`), {key, dsaEncoding: 'ieee-p1363'},
    Buffer.from(signature, 'base64url'));
}

const credentials = [];
for(const credential of input.credentials) {
  credentials.push(await judge(credential));
}
console.log(JSON.stringify({credentials, tokens: (input.tokens ?? []).map(judgeToken)}));
