import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ClientState } from '../../domain/client/client-state.js';

/** A row of the client directory, for lists and reports; the protocol paths read through `ClientDirectory`. */
@Entity('client_directory')
export class ClientDirectoryEntity {
  @PrimaryColumn('text')
  realm!: string;

  @PrimaryColumn('text', { name: 'client_id' })
  clientId!: string;

  @Column('text')
  stream!: string;

  @Column('int')
  version!: number;

  @Column('text')
  hash!: string;

  @Column('text')
  status!: string;

  @Column('boolean')
  suspended!: boolean;

  @Column('text')
  channel!: string;

  @Column('text', { name: 'client_name', nullable: true })
  clientName!: string | null;

  @Column('text', { name: 'software_id', nullable: true })
  softwareId!: string | null;

  /** Whether a person has something to decide. */
  @Column('boolean')
  waiting!: boolean;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  @Column('json')
  record!: ClientState;
}
