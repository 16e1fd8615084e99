import { existsSync } from 'node:fs';
import { addressIn, type ImageAddress } from '../imaging/image-address.ts';

/** Reads an address of this machine (see `addressIn`). @throws NacreError `bad-option` */
export function parseImageAddress(text: string): ImageAddress {
  return addressIn(text, existsSync);
}
