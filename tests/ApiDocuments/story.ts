// The first step of the story, by a client generated from the API documents: a wrong path, member or type does not
// compile.
import createClient from "openapi-fetch";
import type { paths as External } from "./generated/external.js";
import type { paths as Internal } from "./generated/internal.js";

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set.`);
  return value;
}

async function token(gateway: string, secret: string): Promise<string> {
  const answer = await fetch(new URL("/oauth/token", gateway), {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: "administrator",
      client_secret: secret,
      scope: "internal external",
    }),
  });
  if (!answer.ok) throw new Error(`/oauth/token answered ${answer.status}: ${await answer.text()}`);
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** What was made; a problem answer ends the story with its code and detail. */
function made<T>(answer: { data?: T; error?: { code: string; detail: string } }): T {
  if (answer.data === undefined) throw new Error(`${answer.error?.code}: ${answer.error?.detail}`);
  return answer.data;
}

const gateway = setting("SERVICEMESH_GATEWAY");
const headers = { authorization: `Bearer ${await token(gateway, setting("SERVICEMESH_ADMINISTRATOR_SECRET"))}` };
const internal = createClient<Internal>({ baseUrl: gateway, headers });
const external = createClient<External>({ baseUrl: gateway, headers });

const department = made(await internal.POST("/internal/v1/departments", { body: { code: "SALES", name: "Sales" } }));
const service = made(
  await internal.POST("/internal/v1/services", {
    body: {
      code: "STORAGE",
      name: "Storage",
      unit: "GB-month",
      ownerDepartment: department.code,
      audience: "both",
      charging: "chargeback",
      pricing: "costRecovery",
    },
  }),
);
const entity = made(
  await external.POST("/external/v1/legal-entities", {
    body: {
      code: "NORTHWIND",
      name: "Northwind IT Services S.L.",
      address: { street: "Gran Vía 1", city: "Madrid", postalCode: "28013" },
      country: "ES",
      vatId: "ESB12345674",
      currency: "USD",
      zone: "Europe/Madrid",
    },
  }),
);

const refused = await internal.POST("/internal/v1/departments", { body: { code: "not a code", name: "" } });
if (refused.error?.code !== "invalid-fields") throw new Error("A bad department must be refused with its fields.");

console.log(`${department.code} ${service.code} ${entity.code}`);
