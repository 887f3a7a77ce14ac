import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Writes the `.lapse/local.json` of a house whose people have keys of their name, as `npm start` would. */
export function writeLocalHouse(folder: string, apiUrl: string, people: readonly string[]): void {
  const keys = people.map(id => [id, { accessKeyId: `AKIA${id.toUpperCase()}`, secretAccessKey: 'secret' }])
  const house = { apiUrl, endpointUrl: apiUrl, region: 'us-east-1', people: Object.fromEntries(keys) }
  mkdirSync(join(folder, '.lapse'))
  writeFileSync(join(folder, '.lapse', 'local.json'), JSON.stringify(house))
}
