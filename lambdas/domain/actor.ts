/** Who makes a fact: a person, or a part of Lapse by its name (`issuer`, `applier`, `revoker`, `approval`, `ladder`, `mail`, `sweep`). */
export type Actor = { readonly person: string } | { readonly service: string }
