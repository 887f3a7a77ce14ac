/** The access file the function was built with. The bundler puts the checked file of the synth here, see lib/functions. */
import type { AccessFile } from '../domain/access-file.ts'

export declare const access: AccessFile
/** SHA-256 of its canonical form; stored with every request. */
export declare const accessHash: string
