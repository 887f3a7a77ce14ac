import { describe, expect, it } from '@jest/globals'
import { z } from 'zod/mini'
import { $Text, readEnv } from '../../lambdas/runtime/env.ts'

describe('the environment', () => {
  const $Env = z.object({ TABLE_NAME: $Text, MAIL_FROM: $Text })

  it('OPS-03 is read by its schema', () => {
    expect(readEnv($Env, { TABLE_NAME: 't', MAIL_FROM: 'm', OTHER: 'o' })).toEqual({ TABLE_NAME: 't', MAIL_FROM: 'm' })
  })

  it('AUD-07 that lacks a variable is an error with its name and no value', () => {
    expect(() => readEnv($Env, { TABLE_NAME: '', OTHER: 'secret' })).toThrow(/TABLE_NAME, MAIL_FROM$/)
    expect(() => readEnv($Env, { OTHER: 'secret' })).not.toThrow(/secret/)
  })
})
