import * as z from 'zod/mini'
import { LONGEST_COMMENT } from '../domain/request.ts'
import { $typed } from './typed-text.ts'

/** Body of `POST /findings/{id}/close`: what the person found out. */
export const $FindingClosingBody = z.strictObject({ comment: $typed(1, LONGEST_COMMENT) })
