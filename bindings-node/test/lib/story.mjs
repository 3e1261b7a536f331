// The External VideoID flow as most tests need it.

import { fixture } from './sandbox.mjs';

export const IMAGES = {
  documentFront: fixture('specimen/document_front.jpg'),
  documentRear: fixture('specimen/document_rear.jpg'),
  documentPhoto: fixture('specimen/document_photo.jpg'),
  documentOwner: fixture('specimen/document_owner.jpg'),
};

export const VIDEO = fixture('specimen.mp4');

export const HOLDER = { givenName: 'ANNA MARIA', surname1: 'ERIKSSON', email: 'anna@example.com', mobilePhoneNumber: '+34600000000', serialNumber: 'D23145890' };

export const EVIDENCE = {
  ...IMAGES,
  acceptance: { description: 'I accept the terms', ip: '192.0.2.7', userAgent: 'Example/1.0', date: 1780000000000 },
  ocrData: { ...HOLDER, idDocumentType: 'IDC', idDocumentCountry: 'ES' },
  securityChecks: { liveliness: { passed: true, provenance: 'attested', by: 'example liveness' }, documentNotexpired: { passed: true, provenance: 'asserted' } },
  similarityLevel: 87,
};

export const REQUEST = { profile: 'PFnubeQAFCiudadano', email: HOLDER.email, mobilePhoneNumber: HOLDER.mobilePhoneNumber };

/** A request that waits for its evidence. */
export async function pendingRequest(client) {
  const card = await client.getFirstUnusedScratchcard();
  return client.createRequest({ ...REQUEST, scratchcard: card.sn, videoidMode: 1 });
}

/** A person as part of a company, whose request is completed after the operator's validation. */
export const COMPANY = { ...REQUEST, profile: 'PFnubeQAFEmpresa' };

export const COMPANY_UPDATE = {
  countryName: 'ES', mobilePhoneNumber: HOLDER.mobilePhoneNumber, title: 'Manager',
  responsibleName: HOLDER.givenName, responsibleFirstSurname: HOLDER.surname1, responsibleSerial: HOLDER.serialNumber,
  organizationName: 'EXAMPLE UTOPIA SL', organizationTaxNumber: 'B00000000', organizationCountry: 'ES', organizationEmail: 'office@example.com',
  validityTime: 730, secureElement: 2,
};

/** A request whose identity no video shows. */
export const CLASSIC = { ...REQUEST, ...HOLDER, idDocumentType: 'IDC', idDocumentCountry: 'ES', countryName: 'ES', validityTime: 730, secureElement: 2 };
